"""The statements of the reader's rows. Lists go as binary arrays; every statement finds by key."""

BEGIN = """
INSERT INTO operations.followed (judged_from, read_to) VALUES (%s, %s) ON CONFLICT DO NOTHING
"""
# By these rows whoever reads knows which inboxes are platforms', before any has answered.
PLATFORMS = """
INSERT INTO operations.answered (topic, partition, log_offset)
SELECT topic, -1, -1 FROM unnest(%(topics)b::text[]) AS told (topic) ON CONFLICT DO NOTHING
"""
READING = "SELECT topic, partition, next_offset FROM operations.reading WHERE watch = %s"
LOCK = "SELECT judged_from, read_to FROM operations.followed FOR UPDATE"
POSITIONS = """
SELECT topic, partition, next_offset
  FROM operations.reading
  JOIN unnest(%(topics)b::text[], %(partitions)b::integer[]) AS asked (topic, partition)
 USING (topic, partition)
 WHERE watch = %(watch)s
"""
STORE_POSITIONS = """
INSERT INTO operations.reading (watch, topic, partition, next_offset)
SELECT %(watch)s, topic, partition, next_offset
  FROM unnest(%(topics)b::text[], %(partitions)b::integer[], %(offsets)b::bigint[])
    AS told (topic, partition, next_offset)
    ON CONFLICT (watch, topic, partition) DO UPDATE SET next_offset = excluded.next_offset
"""
PASSED = "UPDATE operations.followed SET read_to = greatest(read_to, %s)"
FOLLOWED = "SELECT judged_from, read_to FROM operations.followed"
DUE = "SELECT name FROM operations.unsettled WHERE due <= %s ORDER BY due, name LIMIT %s"
SETTLED = "DELETE FROM operations.unsettled WHERE name = ANY (%(names)b::bytea[])"
UNSETTLED = """
INSERT INTO operations.unsettled (name, due)
SELECT name, due FROM unnest(%(names)b::bytea[], %(dues)b::timestamptz[]) AS told (name, due)
    ON CONFLICT (name) DO UPDATE SET due = excluded.due
"""
SEQUENCES = """
SELECT topic, partition, before_offset, after_offset
  FROM operations.sequence
  JOIN unnest(%(topics)b::text[], %(partitions)b::integer[]) AS asked (topic, partition)
 USING (topic, partition)
"""
STORE_SEQUENCES = """
INSERT INTO operations.sequence (topic, partition, before_offset, after_offset)
SELECT * FROM unnest(
           %(topics)b::text[], %(partitions)b::integer[], %(befores)b::bigint[],
           %(afters)b::bigint[]
       )
    ON CONFLICT (topic, partition) DO UPDATE
   SET before_offset = excluded.before_offset, after_offset = excluded.after_offset
"""
STORE_ANSWERED = """
INSERT INTO operations.answered (topic, partition, log_offset)
SELECT * FROM unnest(%(topics)b::text[], %(partitions)b::integer[], %(offsets)b::bigint[])
    ON CONFLICT (topic, partition) DO UPDATE
   SET log_offset = greatest(answered.log_offset, excluded.log_offset)
"""
ANSWERED = "SELECT topic, partition, log_offset FROM operations.answered"
COUNT = """
INSERT INTO operations.tally (hour, type, word, times)
SELECT * FROM unnest(
           %(hours)b::timestamptz[], %(types)b::text[], %(words)b::text[], %(times)b::bigint[]
       )
    ON CONFLICT (hour, type, word) DO UPDATE SET times = tally.times + excluded.times
"""
OPEN_ALARMS = "SELECT count(*) FROM operations.alarm WHERE cleared_at IS NULL"
OPEN_OF = """
SELECT number, name, fault, place
  FROM operations.alarm
 WHERE name = ANY (%(names)b::bytea[]) AND cleared_at IS NULL
 ORDER BY number
"""
CLEAR = """
UPDATE operations.alarm SET cleared_at = %(now)s, cleared_why = 'met'
 WHERE number = ANY (%(numbers)b::bigint[])
"""
RAISE = """
INSERT INTO operations.alarm (name, fault, place, type, since, raised_at)
SELECT name, fault, place, type, since, %(now)s
  FROM unnest(
           %(names)b::bytea[], %(faults)b::text[], %(places)b::text[], %(types)b::text[],
           %(sinces)b::timestamptz[]
       ) AS told (name, fault, place, type, since)
    ON CONFLICT (name, fault, place) WHERE cleared_at IS NULL DO NOTHING
RETURNING name, fault, place
"""
# Newest first; the open ones before all others.
ALARMS = """
SELECT number, name, fault, place, type, since, raised_at, cleared_at, cleared_why, cleared_by
  FROM operations.alarm
 WHERE cleared_at IS NULL OR %(all)s
 ORDER BY cleared_at IS NOT NULL, number DESC
 LIMIT %(most)s
"""
CLOSE = """
UPDATE operations.alarm SET cleared_at = %(now)s, cleared_why = %(why)s, cleared_by = %(by)s
 WHERE number = %(number)s AND cleared_at IS NULL
"""
TALLIES = """
SELECT hour, type, word, times
  FROM operations.tally
 WHERE hour >= %s AND times <> 0
 ORDER BY hour DESC, type COLLATE "C", word COLLATE "C"
 LIMIT %s
"""
_DROP = """
DELETE FROM operations.{table}
 WHERE ctid = ANY (ARRAY(
           SELECT ctid FROM operations.{table} WHERE {column} < %(before)s
            ORDER BY {column} LIMIT %(most)s))
"""
DROP_OLD = (
    _DROP.format(table="hop", column="at"),
    _DROP.format(table="tally", column="hour"),
    _DROP.format(table="alarm", column="cleared_at"),
)
# With all words on them: the way goes whole.
DROP_CANARIES = """
WITH old AS MATERIALIZED (
    SELECT name FROM operations.hop
     WHERE type = 'canary.sent' AND kind = 1 AND at < %(before)s
     ORDER BY at LIMIT %(most)s)
DELETE FROM operations.hop
 WHERE name = ANY (ARRAY(
           SELECT name FROM old
            UNION SELECT word.name FROM old JOIN operations.hop AS word ON word.about = old.name))
"""
PARKED = """
SELECT platform, count(*)
  FROM (SELECT substr(hop.topic, length('credit.inbox.') + 1) AS platform
          FROM operations.lag_now AS lag
          JOIN operations.answered USING (topic, partition)
          JOIN operations.hop
            ON hop.topic = lag.topic AND hop.partition = lag.partition AND hop.kind = 7
           AND hop.at >= lag.waiting_since
           AND hop.log_offset >= lag.committed AND hop.log_offset <= answered.log_offset
         WHERE lag.group_id = 'connector-' || substr(lag.topic, length('credit.inbox.') + 1)
           AND lag.waiting_since IS NOT NULL AND lag.committed IS NOT NULL
           AND NOT EXISTS (
               SELECT FROM operations.hop AS word
                WHERE word.about = hop.name AND word.kind = 2
                  AND word.type IN ('delivery.confirmed', 'delivery.refused')
                  AND word.source = substr(hop.topic, length('credit.inbox.') + 1))
         LIMIT %s) AS passed
 GROUP BY platform
"""
