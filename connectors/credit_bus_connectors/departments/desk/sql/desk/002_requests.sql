-- What the public asks for comes in by a petition of the public site, or over the counter.
ALTER TABLE desk.statement ADD COLUMN petition bigint;
CREATE INDEX statement_of_petition ON desk.statement (petition) WHERE petition IS NOT NULL;
CREATE INDEX statement_of_requests ON desk.statement (party, seq)
    WHERE type IN ('objection.raised', 'repair.requested');
