-- What became of a petition after the window took it in, and of which category its subject is.

ALTER TABLE site.petition ADD COLUMN category text;
UPDATE site.petition SET category = CASE WHEN uscc IS NULL THEN 'natural_person'
                                         ELSE 'organisation' END;
ALTER TABLE site.petition ALTER COLUMN category SET NOT NULL;

ALTER TABLE site.petition DROP CONSTRAINT petition_state_check;
ALTER TABLE site.petition ADD CONSTRAINT petition_state_check CHECK (state IN (
    'received', 'not_accepted',   -- the window's own word
    'accepted',                   -- said to the bus, and taken by its gate
    'taken_in',                   -- a repair that whoever recognised the conduct examines
    'upheld', 'dismissed', 'granted', 'refused'));
CREATE INDEX petition_answered ON site.petition (answered_at) WHERE state <> 'received';

GRANT INSERT (category) ON site.petition TO credit_bus_site;
-- An old one goes with whoever answers it: the site itself removes nothing.
GRANT DELETE ON site.petition TO credit_bus_desk;
