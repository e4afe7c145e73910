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

-- What is owed, by whom and until when: of a delivery with who said what is to be held, and of a
-- licence or penalty with the day of the decision. The name of no subject and no document.
CREATE OR REPLACE VIEW casework.owed AS
SELECT duty.party, duty.obligation, duty.because_of, duty.began_on, duty.remind_on, duty.due_on,
       CASE WHEN kept.kind = 'entry' THEN kept.state ->> 'source' END AS source,
       CASE WHEN kept.kind = 'entry'
             AND kept.state ->> 'type' IN ('licence.granted', 'penalty.decided')
            THEN (record.state ->> 'decided_on')::date END AS decided_on,
       kept.kind = 'action' AND duty.obligation = 'feed_back' AND kept.state ? 'suspensions'
           AS rests
  FROM casework.row AS kept
 CROSS JOIN LATERAL jsonb_to_recordset(kept.state -> 'duties') AS duty (
       party text, obligation text, because_of text, began_on date, remind_on date, due_on date)
  LEFT JOIN casework.row AS record
    ON kept.kind = 'entry' AND record.kind = 'record'
   AND record.name = (kept.state -> 'about' ->> 'name') || '/' || kept.subject
 WHERE kept.state ? 'duties';

-- Counts and what is owed: nothing that is about a subject.
GRANT SELECT ON casework.count, casework.owed TO credit_bus_reports;
