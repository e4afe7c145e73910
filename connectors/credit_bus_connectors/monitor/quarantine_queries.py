"""The statements about the quarantine and what is sent once more from it."""

LIST = """
SELECT hop.partition, hop.log_offset, hop.at, hop.source, hop.type, hop.codes, hop.name,
       redrive.number, redrive.state
  FROM operations.hop
  LEFT JOIN LATERAL (
       SELECT number, state FROM operations.redrive
        WHERE redrive.partition = hop.partition AND redrive.log_offset = hop.log_offset
        ORDER BY number DESC LIMIT 1
       ) AS redrive ON true
 WHERE hop.kind = 6 AND hop.kind = %(kind)s
   AND hop.at >= %(first)s AND hop.at < %(after)s
   AND (%(party)s::text IS NULL OR hop.source = %(party)s)
   AND (%(type)s::text IS NULL OR hop.type = %(type)s)
   AND (%(code)s::text IS NULL OR %(code)s = ANY (hop.codes))
 ORDER BY hop.at DESC, hop.partition, hop.log_offset DESC
 LIMIT %(most)s
"""
COUNTS = "SELECT source, count(*) FROM operations.hop WHERE kind = 6 AND at >= %s GROUP BY source"
PROPOSE = """
INSERT INTO operations.redrive
       (partition, log_offset, topic, name, type, proposed_by, proposed_at, why)
VALUES (%(partition)s, %(offset)s, %(topic)s, %(name)s, %(type)s, %(by)s, %(at)s, %(why)s)
    ON CONFLICT (partition, log_offset) WHERE state IN ('waiting', 'approved') DO NOTHING
RETURNING number
"""
FIND = """
SELECT number, partition, log_offset, topic, name, type, proposed_by, proposed_at, why, state,
       decided_by, decided_at, sent_at
  FROM operations.redrive
 WHERE number = %s
"""
NEWEST = """
SELECT number FROM operations.redrive WHERE partition = %s AND log_offset = %s
 ORDER BY number DESC LIMIT 1
"""
# Whoever died between approving and sending approves again.
DECIDE = """
UPDATE operations.redrive
   SET state = %(state)s, decided_by = %(by)s, decided_at = %(at)s
 WHERE number = %(number)s
   AND (state = 'waiting' OR state = 'approved' AND %(state)s = 'approved')
"""
SENT = """
UPDATE operations.redrive SET state = 'sent', sent_at = %(at)s
 WHERE number = %(number)s AND state = 'approved'
"""
