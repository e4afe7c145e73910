"""The statements about the quarantine and what is sent once more from it."""

_WHICH = """
       hop.kind = 6 AND hop.kind = %(kind)s
   AND hop.at >= %(first)s AND hop.at < %(after)s
   AND (%(party)s::text IS NULL OR hop.source = %(party)s)
   AND (%(type)s::text IS NULL OR hop.type = %(type)s)
   AND (%(code)s::text IS NULL OR %(code)s = ANY (hop.codes))
"""
LIST = f"""
SELECT hop.partition, hop.log_offset, hop.at, hop.source, hop.type, hop.codes, hop.name,
       place.number, place.state
  FROM operations.hop
  LEFT JOIN LATERAL (
       SELECT number, state FROM operations.redrive_place
        WHERE partition = hop.partition AND log_offset = hop.log_offset
        ORDER BY number DESC LIMIT 1
       ) AS place ON true
 WHERE {_WHICH}
 ORDER BY hop.at DESC, hop.partition, hop.log_offset DESC
 LIMIT %(most)s
"""  # noqa: S608 - only our own condition is put in
COUNTS = "SELECT source, count(*) FROM operations.hop WHERE kind = 6 AND at >= %s GROUP BY source"
# What is in a redrive, or was sent by one, is in no other: refused anew, it lies elsewhere anew.
PLACES = f"""
SELECT hop.partition, hop.log_offset
  FROM operations.hop
 WHERE {_WHICH}
   AND NOT EXISTS (
       SELECT FROM operations.redrive_place
        WHERE partition = hop.partition AND log_offset = hop.log_offset
          AND state IN ('waiting', 'sent'))
 ORDER BY hop.partition, hop.log_offset
 LIMIT %(most)s
"""  # noqa: S608
TAKEN = f"""
SELECT count(DISTINCT (hop.partition, hop.log_offset)) FILTER (WHERE place.state = 'sent'),
       count(*) FILTER (WHERE place.state = 'waiting')
  FROM operations.hop
  JOIN operations.redrive_place AS place
    ON place.partition = hop.partition AND place.log_offset = hop.log_offset
   AND place.state IN ('waiting', 'sent')
 WHERE {_WHICH}
"""  # noqa: S608

PROPOSE = """
INSERT INTO operations.redrive (proposed_by, proposed_at, why, asked)
VALUES (%(by)s, %(at)s, %(why)s, %(asked)s)
RETURNING number
"""
COVER = """
INSERT INTO operations.redrive_place (number, partition, log_offset, topic, name, type)
SELECT %(number)s, * FROM unnest(%(partitions)s::integer[], %(offsets)s::bigint[],
                                 %(topics)s::text[], %(names)b::bytea[], %(types)s::text[])
    ON CONFLICT (partition, log_offset) WHERE state = 'waiting' DO NOTHING
"""
_REDRIVES = """
SELECT redrive.number, proposed_by, proposed_at, why, asked, redrive.state, decided_by, decided_at,
       sent_at, counted.*
  FROM operations.redrive
 CROSS JOIN LATERAL (
       SELECT count(*) FILTER (WHERE state = 'waiting'), count(*) FILTER (WHERE state = 'sent'),
              count(*) FILTER (WHERE state = 'left'), count(*), min(partition), min(log_offset)
         FROM operations.redrive_place WHERE number = redrive.number
       ) AS counted (waiting, sent, remain, places, partition, log_offset)
"""
FIND = _REDRIVES + " WHERE redrive.number = %s"
NEWEST = f"""{_REDRIVES}
 WHERE redrive.number = (SELECT max(number) FROM operations.redrive_place
                          WHERE partition = %s AND log_offset = %s)
"""  # noqa: S608
REDRIVES = _REDRIVES + " ORDER BY redrive.number DESC LIMIT %s"
# The first decision stands.
DECIDE = """
UPDATE operations.redrive SET state = %(state)s, decided_by = %(by)s, decided_at = %(at)s
 WHERE number = %(number)s AND state = 'waiting'
"""
DECLINED = """
UPDATE operations.redrive_place SET state = 'declined', done_at = %(at)s
 WHERE number = %(number)s AND state = 'waiting'
"""
WAITING = """
SELECT partition, log_offset FROM operations.redrive_place
 WHERE number = %(number)s AND state = 'waiting'
 ORDER BY partition, log_offset LIMIT %(most)s
"""
# Two who send at once would fence one another; the lock goes with the transaction.
LOCK = "SELECT pg_advisory_xact_lock(hashtextextended('operations.redrive', 0))"
STILL = """
SELECT place.partition, place.log_offset FROM operations.redrive_place AS place
  JOIN operations.redrive ON redrive.number = place.number AND redrive.state = 'approved'
 WHERE place.number = %(number)s AND place.state = 'waiting'
"""
DONE = """
UPDATE operations.redrive_place SET state = %(state)s, codes = %(codes)s, done_at = %(at)s
 WHERE number = %(number)s AND partition = %(partition)s AND log_offset = %(offset)s
   AND state = 'waiting'
"""
SENT = """
UPDATE operations.redrive SET state = 'sent', sent_at = %(at)s
 WHERE number = %(number)s AND state = 'approved'
   AND NOT EXISTS (SELECT FROM operations.redrive_place
                    WHERE number = %(number)s AND state = 'waiting')
"""
