"""What the adapter asks of the department's database, and changes there. Data alone."""

READER = "SELECT party, position, batch, batch_end, replies, turn FROM credit_bus.reader"
MOVE = """
UPDATE credit_bus.reader
   SET party = %(party)s, position = %(position)s, batch = %(batch)s, batch_end = %(batch_end)s,
       replies = %(replies)s, turn = turn + 1
 WHERE turn = %(turn)s
"""
HIGHEST = "SELECT coalesce(max(position), 0) FROM credit_bus.outbox"
WRITERS = """
SELECT virtualtransaction, pid
  FROM pg_locks
 WHERE locktype = 'relation' AND relation = 'credit_bus.outbox'::regclass
   AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
   AND mode = 'RowExclusiveLock' AND granted
"""
# A payload above the bound is left where it is; the first row is taken whatever its size.
ROWS = """
WITH next AS (
    SELECT id, position, left(type, %(characters)s) AS type,
           left(aggregateid, %(characters)s) AS aggregateid, revision,
           left(causationid, %(characters)s) AS causationid,
           to_json(said_at) #>> '{}' AS said_at,
           CASE WHEN octet_length(payload::text) <= %(payload_bytes)s
                THEN payload::text END AS payload,
           coalesce(octet_length(payload::text) > %(payload_bytes)s, false) AS too_large
      FROM credit_bus.outbox
     WHERE position > %(after)s AND position <= %(until)s
     ORDER BY position
     LIMIT %(rows)s
)
SELECT id, position, type, aggregateid, revision, causationid, said_at, payload, too_large
  FROM (SELECT *, sum(octet_length(payload)) OVER (ORDER BY position) AS size FROM next) AS counted
 WHERE coalesce(size, 0) - coalesce(octet_length(payload), 0) <= %(batch_bytes)s
 ORDER BY position
"""
# A batch that is taken again after a crash was not said, or is answered in part: what is pending
# of it is decided anew, and what has its answer keeps it.
TAKE = """
INSERT INTO credit_bus.answer AS known
       (id, position, state, event_id, reasons, taken_at, answered_at)
VALUES (%(id)s, %(position)s, %(state)s, %(event_id)s, %(reasons)s, %(taken_at)s, %(answered_at)s)
    ON CONFLICT (id, position) DO UPDATE
   SET state = excluded.state, event_id = excluded.event_id, reasons = excluded.reasons,
       answered_at = excluded.answered_at
 WHERE known.state = 'pending'
"""
PENDING_AT = """
SELECT position FROM credit_bus.answer WHERE (id, position) IN
       (SELECT * FROM unnest(%s::uuid[], %s::bigint[])) AND state = 'pending'
"""
WAITING = """
SELECT id, position, taken_at, event_id
  FROM unnest(%s::text[], %s::bigint[]) AS asked (event, count)
 CROSS JOIN LATERAL (SELECT id, position, taken_at, event_id FROM credit_bus.answer
                      WHERE state = 'pending' AND event_id = asked.event
                      ORDER BY position LIMIT asked.count) AS found
 ORDER BY position
"""
ANSWER = """
UPDATE credit_bus.answer
   SET state = %(state)s, reasons = %(reasons)s, rule_version = %(rule_version)s,
       answered_at = %(answered_at)s
 WHERE id = %(id)s AND position = %(position)s
"""
PASSED_OVER = """
SELECT id, position FROM credit_bus.outbox AS said
 WHERE position > %s AND position <= %s AND NOT EXISTS
       (SELECT FROM credit_bus.answer WHERE id = said.id AND position = said.position)
 ORDER BY position LIMIT %s
"""
STILL_PENDING = "SELECT event_id FROM credit_bus.answer WHERE state = 'pending' LIMIT %s"
