SELECT pg_notify('casework_outbox', '')
