SELECT event_id, recid, delivered_at
  FROM front.delivery
 WHERE event_id = ANY (%(ids)s)
