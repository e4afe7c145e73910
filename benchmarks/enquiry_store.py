"""Fills the district's tables with made-up records, by PostgreSQL itself.

Two penalties in five records, the rest licences, entries and defaulters; bodies are those of the
tests, a penalty's has 1.5 kB. Subjects that have a made-up code come first, then pseudonyms; one in
a thousand has `MANY` records. One subject in twenty has an action whose measure is carried out.
"""

import json
import time
from dataclasses import dataclass

import psycopg
from tests import samples

from credit_bus.domain.synthetic import SYNTHETIC_CODES_MAX, synthetic_uscc
from credit_bus_connectors.enquiry.provision import provision_enquiry
from credit_bus_connectors.platforms.postgres import plain

FEW_ON_AVERAGE = 4.5
FEW_MAX = 8
MANY = 500
MANY_EVERY = 1_000

_SUBJECTS = """
CREATE TEMPORARY TABLE subject (n integer PRIMARY KEY, key text NOT NULL, has integer NOT NULL)
"""
_PSEUDONYMS = """
INSERT INTO subject
SELECT n, encode(sha256(n::text::bytea), 'hex'), CASE WHEN n %% %(every)s = 0 THEN %(many)s
                                                      ELSE 1 + n %% %(few)s END
  FROM generate_series(%(first)s::integer, %(last)s::integer) AS n
"""
_RECORDS = """
INSERT INTO district.record (event_id, type, provider, subject_key, document_key, document,
                             revision, said_at, body)
SELECT md5(made.name), made.type, 'market-regulation', made.key, decode(md5(made.name), 'hex'),
       made.name, 1, now(), '{}'
  FROM made
"""
_MADE = """
CREATE TEMPORARY TABLE made AS
SELECT key, '测〔2026〕' || n || '-' || i || '号' AS name, (n * 7 + i) % 1500 AS days,
       (ARRAY['penalty.decided', 'penalty.decided', 'licence.granted', 'listing.entered',
              'defaulter.listed'])[1 + (n + i) % 5] AS type
  FROM subject, generate_series(1, has) AS i
"""
_CURRENT = """
INSERT INTO district.current_record (document_key, event_id, type, provider, subject_key, document,
                                     revision, said_at, publicity_ended_by, body)
SELECT decode(md5(made.name), 'hex'), md5(made.name), made.type, 'market-regulation', made.key,
       made.name, 1, now(),
       CASE made.days %% 16 WHEN 0 THEN md5('end of ' || made.name) END,
       %(body)s::jsonb || jsonb_build_object('document_number', made.name, 'decided_on',
                                             (current_date - made.days)::text)
       || CASE made.type WHEN 'listing.entered' THEN %(term)s::jsonb ELSE '{}' END
  FROM made
"""
# One record in sixteen is shown no more, one entry in eight is over: what every answer looks for.
_ENDS = """
INSERT INTO district.publicity_end (document_key, revision, cause, rule, ended_on, event_id,
                                    said_revision)
SELECT decode(md5(name), 'hex'), 1, 'repaired', 'x', current_date, md5('end of ' || name), 1
  FROM made WHERE days % 16 = 0
"""
_REMOVALS = """
INSERT INTO district.removal (document_key, cause, removed_on, event_id, said_revision)
SELECT decode(md5(name), 'hex'), 'conditions_met', current_date, md5('off ' || name), 1
  FROM made WHERE type = 'listing.entered' AND days % 8 = 1
"""
_ACTIONS = """
INSERT INTO district.action (action_id, initiator, subject_key, kind, field, cause, instrument,
                             notice, begins_on, ends_on, until_performance, revision, event_id)
SELECT 'district-court.' || left(md5(key), 24), 'district-court', key, 'constraint', 'x', 'x',
       %(instrument)s::jsonb, '{}', current_date - 30, current_date + 300, false, 1, md5(key)
  FROM subject WHERE n % 20 = 0
"""
_ORDERS = """
INSERT INTO district.measure_order (action_id, measure, revision)
SELECT action_id, %(measure)s, 1 FROM district.action
"""
_RESPONSES = """
INSERT INTO district.measure_response (action_id, measure, department, decision, responded_on,
                                       revision, event_id)
SELECT action_id, %(measure)s, 'finance', 'accepted', current_date, 1, event_id
  FROM district.action
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Filled:
    """What lies there: the keys of subjects with few records, and of those with many."""

    records: int
    actions: int
    few: tuple[str, ...]
    many: tuple[str, ...]
    seconds: float


def fill(url: str, records: int) -> Filled:
    """Provision the database and put about so many records there."""
    began = time.monotonic()
    provision_enquiry(url)
    of_thousand = FEW_ON_AVERAGE * (MANY_EVERY - 1) + MANY
    subjects = max(MANY_EVERY, round(records / of_thousand * MANY_EVERY))
    with psycopg.connect(url, autocommit=True) as connection:
        # No look at foreign keys: what they guard is made here, by the same statement.
        connection.execute("SET session_replication_role = replica")
        connection.execute("SET synchronous_commit = off")
        connection.execute(_SUBJECTS)
        coded = min(subjects, 2 * SYNTHETIC_CODES_MAX)
        with connection.cursor().copy("COPY subject FROM STDIN") as copy:
            for n in range(1, coded + 1):
                copy.write_row((n, _code(n), MANY if n % MANY_EVERY == 0 else 1 + n % FEW_MAX))
        given = {"every": MANY_EVERY, "many": MANY, "few": FEW_MAX}
        connection.execute(_PSEUDONYMS, {**given, "first": coded + 1, "last": subjects})
        _make(connection)
        keys = connection.execute("SELECT key, has FROM subject ORDER BY n").fetchall()
        counts = connection.execute(
            "SELECT (SELECT count(*) FROM district.current_record),"
            " (SELECT count(*) FROM district.action)"
        ).fetchone()
        assert counts is not None
    return Filled(
        records=counts[0],
        actions=counts[1],
        few=tuple(key for key, has in keys if has < MANY),
        many=tuple(key for key, has in keys if has == MANY),
        seconds=time.monotonic() - began,
    )


def _make(connection: psycopg.Connection[tuple[object, ...]]) -> None:
    term = {"term": {"begins_on": "2026-01-01", "ends_on": "2029-01-01"}, "list": "wage-arrears"}
    body = json.dumps(samples.penalty_body(1), ensure_ascii=False, default=plain)
    instrument = json.dumps(
        samples.initiation_body(1)["instrument"], ensure_ascii=False, default=plain
    )
    measure = {"measure": samples.COURT_MEASURES[0]}
    connection.execute(_MADE)
    connection.execute(_RECORDS)
    connection.execute(_CURRENT, {"body": body, "term": json.dumps(term)})
    connection.execute(_ENDS)
    connection.execute(_REMOVALS)
    connection.execute(_ACTIONS.replace("% 20", "%% 20"), {"instrument": instrument})
    connection.execute(_ORDERS, measure)
    connection.execute(_RESPONSES, measure)
    connection.execute("VACUUM ANALYZE district.current_record")
    connection.execute("VACUUM ANALYZE district.record")
    connection.execute("VACUUM ANALYZE district.publicity_end, district.removal, district.action")
    connection.execute("CHECKPOINT")  # what filling left to write is not of the time measured


def _code(n: int) -> str:
    kind, number = divmod(n - 1, SYNTHETIC_CODES_MAX)
    return synthetic_uscc(number, kind="company" if kind == 0 else "individual")
