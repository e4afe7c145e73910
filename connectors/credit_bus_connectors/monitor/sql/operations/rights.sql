GRANT USAGE ON SCHEMA operations TO credit_bus_monitor;
GRANT SELECT ON operations.migration, operations.desk_reading TO credit_bus_monitor;
GRANT SELECT, INSERT, UPDATE ON operations.reading TO credit_bus_monitor;
GRANT SELECT, INSERT, DELETE ON operations.lag_sample TO credit_bus_monitor;
GRANT SELECT, INSERT, UPDATE, DELETE ON operations.lag_now TO credit_bus_monitor;
GRANT SELECT, INSERT, DELETE ON operations.lag_point TO credit_bus_monitor;
GRANT SELECT, INSERT, DELETE ON operations.hop TO credit_bus_monitor;
GRANT SELECT, INSERT, UPDATE ON operations.followed, operations.answered, operations.passed,
    operations.sequence TO credit_bus_monitor;
GRANT SELECT, INSERT, UPDATE, DELETE ON operations.unsettled, operations.tally, operations.alarm,
    operations.repeated TO credit_bus_monitor;

-- The console reads what the monitor keeps, and lets operators in with accounts of the hub.
GRANT USAGE ON SCHEMA operations, desk TO credit_bus_console;
GRANT SELECT ON operations.migration, operations.reading, operations.lag_now,
    operations.lag_point, operations.lag_sample, operations.hop, operations.followed,
    operations.answered, operations.passed, operations.repeated, operations.tally,
    operations.alarm, operations.redrive, operations.redrive_place
    TO credit_bus_console;
-- An alarm is closed by hand, and what was refused is sent once more by two persons.
GRANT UPDATE (cleared_at, cleared_why, cleared_by) ON operations.alarm TO credit_bus_console;
-- Who proposed it and why is never written again.
REVOKE ALL ON operations.redrive FROM credit_bus_monitor;
REVOKE UPDATE ON operations.redrive FROM credit_bus_console;
GRANT INSERT, UPDATE (state, decided_by, decided_at, sent_at) ON operations.redrive
    TO credit_bus_console;
GRANT INSERT, UPDATE (state, codes, done_at) ON operations.redrive_place TO credit_bus_console;
GRANT SELECT, INSERT, UPDATE ON desk.account TO credit_bus_console;
GRANT SELECT, INSERT, UPDATE, DELETE ON desk.session TO credit_bus_console;
GRANT INSERT ON desk.act TO credit_bus_console;
