-- What an enquiry looks at of a record, beside its body: so that answering reads no body, and whoever
-- answers needs no right to one. Days are texts (YYYY-MM-DD), for a cast to a date is not immutable.

ALTER TABLE district.current_record
    ADD COLUMN decided_on text GENERATED ALWAYS AS
        (coalesce(body ->> 'listed_on', body ->> 'decided_on', body ->> 'recorded_on')) STORED,
    ADD COLUMN list_code text GENERATED ALWAYS AS (body ->> 'list') STORED,
    ADD COLUMN term_begins_on text GENERATED ALWAYS AS (body #>> '{term,begins_on}') STORED,
    ADD COLUMN term_ends_on text GENERATED ALWAYS AS (body #>> '{term,ends_on}') STORED,
    ADD COLUMN until_performance boolean GENERATED ALWAYS AS
        (coalesce(body #>> '{term,until_performance}', 'false') = 'true') STORED;
