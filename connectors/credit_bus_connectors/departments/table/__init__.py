"""In: an outbox table in the department's own PostgreSQL, for departments with a system.

The application writes a row of `credit_bus.outbox` in the transaction in which it decides
something, so that both happen or neither; the adapter says every row, in the order of their
positions, and answers it in `credit_bus.answer`:

    INSERT INTO credit_bus.outbox (id, aggregateid, type, payload)
    VALUES (gen_random_uuid(), '91620702MA...', 'penalty.decided', '{"subject": {...}, ...}');

    SELECT state, reasons FROM credit_bus.answer WHERE id = ...;

`pending` becomes `accepted`, `duplicate` (said before, and accepted then) or `rejected` with all
reasons. A rejected row stays; its correction is a new row with an id of its own. No row is ever
changed or removed by the adapter; the department may remove what is answered.

`outbox.sql` makes the tables and two roles; `rows` tells what each column means, `json_values`
the form of a payload, `frontier` in what order rows are read, `session` why none is said twice.

A department that runs Debezium on the same table for its own use sets its outbox event router as
it comes: `id`, `aggregatetype`, `aggregateid`, `type` and `payload` are Debezium's defaults.
"""
