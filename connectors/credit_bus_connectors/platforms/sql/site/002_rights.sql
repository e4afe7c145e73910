-- The site's process may read what is public, and nothing else of this database.
DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'credit_bus_site') THEN
        CREATE ROLE credit_bus_site NOLOGIN;
    END IF;
EXCEPTION WHEN duplicate_object OR unique_violation THEN
    NULL; -- another database of this server is provisioned at the same moment
END
$$;

DO $$
BEGIN
    IF NOT pg_has_role('credit_bus_site', 'MEMBER') THEN
        GRANT credit_bus_site TO CURRENT_USER;
    END IF;
END
$$;

GRANT USAGE ON SCHEMA site TO credit_bus_site;
GRANT SELECT ON site.publication TO credit_bus_site;
