DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'credit_bus_casework') THEN
        CREATE ROLE credit_bus_casework NOLOGIN;
    END IF;
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'credit_bus_relay') THEN
        CREATE ROLE credit_bus_relay NOLOGIN;
    END IF;
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'credit_bus_reports') THEN
        CREATE ROLE credit_bus_reports NOLOGIN;
    END IF;
EXCEPTION WHEN duplicate_object OR unique_violation THEN
    NULL; -- another database of this server is provisioned at the same moment
END
$$;

-- Who provisions may act as each, as do the processes that `up` starts with the same URL. Where an
-- administrator has seen to that, no right to give roles is needed.
DO $$
BEGIN
    IF NOT pg_has_role('credit_bus_casework', 'MEMBER') THEN
        GRANT credit_bus_casework TO CURRENT_USER;
    END IF;
    IF NOT pg_has_role('credit_bus_relay', 'MEMBER') THEN
        GRANT credit_bus_relay TO CURRENT_USER;
    END IF;
    IF NOT pg_has_role('credit_bus_reports', 'MEMBER') THEN
        GRANT credit_bus_reports TO CURRENT_USER;
    END IF;
END
$$;

GRANT USAGE ON SCHEMA casework TO credit_bus_casework, credit_bus_relay, credit_bus_reports;
GRANT SELECT ON casework.version TO credit_bus_casework, credit_bus_relay, credit_bus_reports;

GRANT SELECT, INSERT, UPDATE ON casework.row, casework.position, casework.count
    TO credit_bus_casework;
GRANT INSERT ON casework.outbox TO credit_bus_casework;

GRANT SELECT ON casework.position TO credit_bus_relay;
GRANT SELECT, DELETE ON casework.outbox TO credit_bus_relay;
GRANT SELECT, INSERT, UPDATE ON casework.relayed TO credit_bus_relay;

-- What is owed before the law, by whom, from which day on, and with whom it lies. Of a record its
-- provider owes each obligation once, however many platforms and revisions are on the way: the
-- earliest word stands for all. 双公示 runs from the decision, and a later revision from the log; what
-- is shown no more need not be published. The name of no subject and no document.
DROP VIEW IF EXISTS casework.owed;  -- a view of other columns cannot be replaced
CREATE VIEW casework.owed AS
(SELECT DISTINCT ON (word.record, word.subject, word.source, word.obligation)
        word.source AS party, word.obligation, word.began_on, FALSE AS rests, word.because_of,
        jsonb_path_query_array(word.duties, '$[*].party') AS lies_with
   FROM (SELECT (kept.state ->> 'source') COLLATE "C" AS source,
                (kept.state -> 'about' ->> 'name') COLLATE "C" AS record,
                kept.subject, kept.state -> 'duties' AS duties,
                first.obligation COLLATE "C" AS obligation,
                first.because_of COLLATE "C" AS because_of,
                CASE WHEN kept.state ->> 'type' IN ('licence.granted', 'penalty.decided')
                      AND (kept.state ->> 'revision')::int = 1
                     THEN coalesce((record.state ->> 'decided_on')::date, first.began_on)
                     ELSE first.began_on END AS began_on,
                first.obligation <> 'publish' OR record.state IS NULL OR (
                    (kept.state ->> 'revision')::int > greatest(
                        (record.state ->> 'withdrawn')::int,
                        (record.state ->> 'hidden_revision')::int, 0)
                    AND NOT record.state ? 'removed') AS stands
           FROM casework.row AS kept
          CROSS JOIN LATERAL jsonb_to_record(kept.state -> 'duties' -> 0) AS first (
                obligation text, because_of text, began_on date)  -- all of an entry are alike
           LEFT JOIN casework.row AS record
             ON record.kind = 'record'
            AND record.name = (kept.state -> 'about' ->> 'name') || '/' || kept.subject
          WHERE kept.kind = 'entry' AND kept.state ? 'duties') AS word
  WHERE word.stands
  ORDER BY word.record, word.subject, word.source, word.obligation, word.began_on, word.because_of)
UNION ALL
SELECT duty.party, duty.obligation, duty.began_on,
       kept.kind = 'action' AND duty.obligation = 'feed_back' AND kept.state ? 'suspensions'
           AND NOT kept.state ? 'ending' AS rests,  -- what has ended is to be lifted, rest or not
       duty.because_of, '[]'::jsonb AS lies_with
  FROM casework.row AS kept
 CROSS JOIN LATERAL jsonb_to_recordset(kept.state -> 'duties') AS duty (
       party text, obligation text, because_of text, began_on date)
 WHERE kept.kind <> 'entry' AND kept.state ? 'duties';

-- Counts and what is owed: nothing that is about a subject.
GRANT SELECT ON casework.count, casework.owed TO credit_bus_reports;
