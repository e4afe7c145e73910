-- What the province refuses after the row was written goes back to the department. The row itself says
-- nothing of the event, so the connector's book does; of rows written before this version it says too
-- little, and their refusals are told to nobody.

ALTER TABLE front.delivery
    ADD COLUMN provider       text,
    ADD COLUMN subject_key    text,
    ADD COLUMN correlation_id text,
    ADD COLUMN traceparent    text,
    ADD COLUMN refusal_told_at timestamptz;

CREATE INDEX l_gz_xzxk_refused ON front.l_gz_xzxk (recid) WHERE state = 2;
CREATE INDEX l_gz_xzcf_refused ON front.l_gz_xzcf (recid) WHERE state = 2;
CREATE INDEX l_gz_xzxk_2016_refused ON front.l_gz_xzxk_2016 (recid) WHERE state = 2;
CREATE INDEX l_gz_xzcf_2016_refused ON front.l_gz_xzcf_2016 (recid) WHERE state = 2;
