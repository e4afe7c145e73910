GRANT USAGE ON SCHEMA operations TO credit_bus_monitor;
GRANT SELECT ON operations.migration TO credit_bus_monitor;
GRANT SELECT, INSERT, UPDATE ON operations.reading TO credit_bus_monitor;
GRANT SELECT, INSERT, DELETE ON operations.lag_sample TO credit_bus_monitor;
GRANT SELECT, INSERT, UPDATE, DELETE ON operations.lag_now TO credit_bus_monitor;
GRANT SELECT, INSERT, DELETE ON operations.lag_point TO credit_bus_monitor;

-- The console reads what the monitor keeps, and lets operators in with accounts of the hub.
GRANT USAGE ON SCHEMA operations, desk TO credit_bus_console;
GRANT SELECT ON operations.migration, operations.reading, operations.lag_now,
    operations.lag_point, operations.lag_sample TO credit_bus_console;
GRANT SELECT, INSERT, UPDATE ON desk.account TO credit_bus_console;
GRANT SELECT, INSERT, UPDATE, DELETE ON desk.session TO credit_bus_console;
GRANT INSERT ON desk.act TO credit_bus_console;
