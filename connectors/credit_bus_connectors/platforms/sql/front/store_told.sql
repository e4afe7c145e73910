UPDATE front.delivery SET refusal_told_at = now() WHERE event_id = ANY (%(ids)s)
