DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'credit_bus_desk') THEN
        CREATE ROLE credit_bus_desk NOLOGIN;
    END IF;
EXCEPTION WHEN duplicate_object OR unique_violation THEN
    NULL; -- another database of this server is provisioned at the same moment
END
$$;

DO $$
BEGIN
    IF NOT pg_has_role('credit_bus_desk', 'MEMBER') THEN
        GRANT credit_bus_desk TO CURRENT_USER;
    END IF;
END
$$;

GRANT USAGE ON SCHEMA desk TO credit_bus_desk;
GRANT SELECT ON desk.migration TO credit_bus_desk;
GRANT SELECT, INSERT, UPDATE ON desk.account, desk.statement, desk.task, desk.reading, desk.draft
    TO credit_bus_desk;
GRANT SELECT, INSERT, UPDATE, DELETE ON desk.session TO credit_bus_desk;
GRANT SELECT, INSERT ON desk.heard, desk.act TO credit_bus_desk;
GRANT SELECT, INSERT, DELETE ON desk.refusal TO credit_bus_desk;
