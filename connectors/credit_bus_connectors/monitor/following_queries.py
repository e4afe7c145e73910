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
READ_TO = "UPDATE operations.followed SET read_to = greatest(read_to, %s)"
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
# What the connectors have saved, as of the newest sample of lag, if all is read up to its end; a
# bounded step at a time. Whoever was passed without a word is judged next.
GO_PAST = """
WITH moved AS (
     SELECT lag.topic, lag.partition, coalesce(passed.log_offset, 0) AS low,
            least(lag.committed, coalesce(passed.log_offset, 0) + %(most)s) AS high
       FROM operations.lag_now AS lag
       LEFT JOIN operations.passed USING (topic, partition)
      WHERE lag.group_id = 'connector-' || substr(lag.topic, length('credit.inbox.') + 1)
        AND lag.topic = ANY (%(topics)b::text[])
        AND lag.committed <> coalesce(passed.log_offset, 0)
        AND %(read_to)s >= (SELECT at + seconds * interval '1 second'
                              FROM operations.lag_sample ORDER BY at DESC LIMIT 1)
), noted AS (
     INSERT INTO operations.passed (topic, partition, log_offset)
     SELECT topic, partition, high FROM moved
         ON CONFLICT (topic, partition) DO UPDATE SET log_offset = excluded.log_offset
)
INSERT INTO operations.unsettled (name, due)
SELECT DISTINCT hop.name, %(read_to)s
  FROM moved
  JOIN operations.hop
    ON hop.kind = 7 AND hop.topic = moved.topic AND hop.partition = moved.partition
   AND hop.log_offset >= moved.low AND hop.log_offset < moved.high
 WHERE NOT EXISTS (
       SELECT FROM operations.hop AS word
        WHERE word.about = hop.name AND word.kind IN (1, 2)
          AND word.type IN ('delivery.confirmed', 'delivery.refused')
          AND word.source = substr(hop.topic, length('credit.inbox.') + 1))
    ON CONFLICT (name) DO UPDATE SET due = least(unsettled.due, excluded.due)
"""
PASSED = """
SELECT topic, partition, log_offset
  FROM operations.passed
  JOIN unnest(%(topics)b::text[], %(partitions)b::integer[]) AS asked (topic, partition)
 USING (topic, partition)
"""
ALL_PASSED = "SELECT topic, partition, log_offset FROM operations.passed"
REPEATED = """
SELECT name, last_at, said, answered, rejected, kept
  FROM operations.repeated WHERE name = ANY (%(names)b::bytea[])
"""
REPEAT = """
INSERT INTO operations.repeated (name, last_at, said, answered, rejected, kept)
VALUES (%s, %s, %s, %s, %s, %s)
    ON CONFLICT (name) DO UPDATE
   SET (last_at, said, answered, rejected, kept) = (excluded.last_at, excluded.said,
        excluded.answered, excluded.rejected, excluded.kept)
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
_ALARMS = """
SELECT number, name, fault, place, type, since, raised_at, cleared_at, cleared_why, cleared_by
  FROM operations.alarm
"""
OPEN = _ALARMS + "WHERE cleared_at IS NULL ORDER BY number DESC LIMIT %s"
LAST_CLEARED = (
    _ALARMS + "WHERE cleared_at IS NOT NULL ORDER BY cleared_at DESC, number DESC LIMIT %s"
)
CLOSE = """
UPDATE operations.alarm SET cleared_at = %(now)s, cleared_why = %(why)s, cleared_by = %(by)s
 WHERE number = %(number)s AND cleared_at IS NULL
"""
# Whole lines, so that no sum of a line lacks a part.
TALLIES = """
SELECT hour, type, json_object_agg(word, times)
  FROM operations.tally
 WHERE hour >= %s AND times <> 0
 GROUP BY hour, type
 ORDER BY hour DESC, type COLLATE "C"
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
    _DROP.format(table="repeated", column="last_at"),
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
