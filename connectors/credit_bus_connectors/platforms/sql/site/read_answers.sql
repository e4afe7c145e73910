SELECT event_id, delivery_number, received_at FROM site.delivery WHERE event_id = ANY (%(ids)s)
