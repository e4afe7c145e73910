"""The statements of the desk's store. All parameters are bound, all lists are bounded."""

from credit_bus_connectors.departments.desk.rows import HEARD as _HEARD
from credit_bus_connectors.departments.desk.rows import SAID as _SAID
from credit_bus_connectors.departments.desk.rows import TASK as _TASK

LOCK_CASE = "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))"

READING = "SELECT topic, partition, next_offset FROM desk.reading"
STORE_READING = """
INSERT INTO desk.reading (topic, partition, next_offset) VALUES (%s, %s, %s)
    ON CONFLICT (topic, partition) DO UPDATE
   SET next_offset = greatest(reading.next_offset, EXCLUDED.next_offset)
"""

STORE_HEARD = """
INSERT INTO desk.heard (party, event_id, case_name, action_id, channel, source, type, subject,
                        revision, heard_at, causation_id, body)
VALUES (%(party)s, %(event_id)s, %(case_name)s, %(action_id)s, %(channel)s, %(source)s, %(type)s,
        %(subject)s, %(revision)s, %(heard_at)s, %(causation_id)s, %(body)s::jsonb)
    ON CONFLICT (party, event_id) DO NOTHING
"""
CASE_OF_EVENT = """
SELECT case_name FROM desk.heard WHERE party = %(party)s AND event_id = %(event_id)s
 UNION ALL
SELECT case_name FROM desk.statement WHERE party = %(party)s AND event_id = %(event_id)s
 LIMIT 1
"""
HEARD = f"""
SELECT {_HEARD} FROM desk.heard WHERE party = %s AND case_name = %s ORDER BY seq LIMIT %s
"""  # noqa: S608 - columns of ours
SAID = f"""
SELECT {_SAID} FROM desk.statement WHERE party = %s AND case_name = %s ORDER BY seq LIMIT %s
"""  # noqa: S608

STORE_STATEMENT = """
INSERT INTO desk.statement (trace, party, event_id, case_name, action_id, type, subject, revision,
                            causation_id, body, record_key, headers, value, account, made_at,
                            petition)
VALUES (%(trace)s, %(party)s, %(event_id)s, %(case_name)s, %(action_id)s, %(type)s, %(subject)s,
        %(revision)s, %(causation_id)s, %(body)s::jsonb, %(record_key)s, %(headers)s::jsonb,
        %(value)s, %(account)s, %(made_at)s, %(petition)s)
    ON CONFLICT (party, event_id) WHERE state <> 'rejected' DO NOTHING
"""
NUMBER_OF = "SELECT seq FROM desk.statement WHERE trace = %s"
# What its owner reads under the receipt follows the case.
STORE_PROGRESS = """
UPDATE site.petition SET state = %(state)s, answered_at = %(at)s, answer = %(answer)s
 WHERE petition_number = %(petition)s
"""
# Some of each party's: one whose topic is gone keeps no other back.
UNSAID = """
SELECT party, trace, record_key, headers, value
  FROM (SELECT *, row_number() OVER (PARTITION BY party ORDER BY seq) AS place
          FROM desk.statement WHERE value IS NOT NULL) AS waiting
 WHERE place <= %s ORDER BY seq
"""
MARK_SAID = """
UPDATE desk.statement SET said_at = %s, value = NULL, headers = NULL WHERE trace = ANY (%s)
"""
# The first receipt stands: what was said twice after a crash is answered twice.
STORE_VERDICT = """
UPDATE desk.statement
   SET state = %(state)s, reasons = %(reasons)s::jsonb, judged_at = %(judged_at)s
 WHERE trace = %(trace)s AND party = %(party)s AND state = 'pending'
RETURNING case_name
"""
IS_OURS = "SELECT 1 FROM desk.statement WHERE trace = %s AND party = %s"
STORE_REFUSAL = """
INSERT INTO desk.refusal (party, refused_id, event_id, type, document, reasons, judged_at)
VALUES (%(party)s, %(refused_id)s, %(event_id)s, %(type)s, %(document)s, %(reasons)s::jsonb,
        %(judged_at)s)
    ON CONFLICT (party, refused_id) DO NOTHING
"""
FORGET_REFUSALS = """
DELETE FROM desk.refusal WHERE (party, refused_id) IN (
    SELECT party, refused_id FROM desk.refusal WHERE judged_at < %s LIMIT %s)
"""
STORE_ACT = "INSERT INTO desk.act (account, party, what, event_id) VALUES (%s, %s, %s, %s)"

CASE_OF_TASK = "SELECT case_name FROM desk.task WHERE party = %s AND name = %s"
FIND_TASK = f"SELECT {_TASK} FROM desk.task WHERE party = %s AND name = %s"  # noqa: S608
STORE_TASK = """
INSERT INTO desk.task (party, name, case_name, kind, state, due_on, title, asked_by, subject_name,
                       opened_at, because_of, measure)
VALUES (%(party)s, %(name)s, %(case_name)s, %(kind)s, %(state)s, %(due_on)s, %(title)s,
        %(asked_by)s, %(subject_name)s, %(opened_at)s, %(because_of)s, %(measure)s)
    ON CONFLICT (party, name) DO UPDATE
   SET state = EXCLUDED.state, due_on = EXCLUDED.due_on, title = EXCLUDED.title,
       asked_by = EXCLUDED.asked_by, subject_name = EXCLUDED.subject_name
"""
# What no longer follows from the case: an order that a newer one replaced.
VOID_TASKS = """
UPDATE desk.task SET state = 'void'
 WHERE party = %s AND case_name = %s AND NOT name = ANY (%s) AND state <> 'done'
"""
TASKS = f"""
SELECT {_TASK} FROM desk.task
 WHERE party = %s AND state IN ('open', 'waiting', 'resting')
 ORDER BY due_on NULLS LAST, opened_at, name LIMIT %s OFFSET %s
"""  # noqa: S608
TASKS_DONE = f"""
SELECT {_TASK} FROM desk.task
 WHERE party = %s AND state IN ('done', 'void') ORDER BY opened_at DESC, name LIMIT %s OFFSET %s
"""  # noqa: S608
