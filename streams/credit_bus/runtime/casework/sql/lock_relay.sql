SELECT pg_try_advisory_lock(hashtextextended('credit_bus_relay', 0))
