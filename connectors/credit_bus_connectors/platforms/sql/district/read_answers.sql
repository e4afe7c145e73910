SELECT event_id, record_number, received_at
  FROM district.record
 WHERE event_id = ANY (%(ids)s)
