GRANT USAGE ON SCHEMA operations TO credit_bus_monitor;
GRANT SELECT ON operations.migration TO credit_bus_monitor;
GRANT SELECT, INSERT, UPDATE ON operations.reading TO credit_bus_monitor;
