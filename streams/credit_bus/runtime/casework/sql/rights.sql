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

-- Counts alone: nothing that is about a subject.
GRANT SELECT ON casework.count TO credit_bus_reports;
