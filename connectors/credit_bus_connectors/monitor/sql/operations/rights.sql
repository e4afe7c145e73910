GRANT USAGE ON SCHEMA operations TO credit_bus_monitor;
GRANT SELECT ON operations.migration TO credit_bus_monitor;
GRANT SELECT, INSERT, UPDATE ON operations.reading TO credit_bus_monitor;
GRANT SELECT, INSERT, DELETE ON operations.lag_sample TO credit_bus_monitor;
GRANT SELECT, INSERT, UPDATE, DELETE ON operations.lag_now TO credit_bus_monitor;
GRANT SELECT, INSERT, DELETE ON operations.lag_point TO credit_bus_monitor;
GRANT SELECT, INSERT, DELETE ON operations.hop TO credit_bus_monitor;
GRANT SELECT, INSERT, UPDATE ON operations.followed, operations.answered, operations.sequence,
    operations.redrive TO credit_bus_monitor;
GRANT SELECT, INSERT, UPDATE, DELETE ON operations.unsettled, operations.tally, operations.alarm
    TO credit_bus_monitor;
