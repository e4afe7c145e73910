GRANT USAGE ON SCHEMA desk TO credit_bus_desk;
GRANT SELECT ON desk.migration TO credit_bus_desk;
GRANT SELECT, INSERT, UPDATE ON desk.account, desk.statement, desk.task, desk.reading, desk.draft
    TO credit_bus_desk;
GRANT SELECT, INSERT, UPDATE, DELETE ON desk.session TO credit_bus_desk;
GRANT SELECT, INSERT ON desk.heard, desk.act TO credit_bus_desk;
GRANT SELECT, INSERT, DELETE ON desk.refusal TO credit_bus_desk;
