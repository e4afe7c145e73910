-- The removal of each entry on a list, in its newest wording.
INSERT INTO district.removal AS held (document_key, cause, removed_on, event_id, said_revision)
SELECT DISTINCT ON (about_key)
       about_key, body ->> 'cause', (body ->> 'removed_on')::date, event_id, revision
  FROM district.record
 WHERE event_id = ANY (%(ids)s) AND type = 'listing.removed'
 ORDER BY about_key, revision DESC
    ON CONFLICT (document_key) DO UPDATE
   SET cause = excluded.cause, removed_on = excluded.removed_on, event_id = excluded.event_id,
       said_revision = excluded.said_revision
 WHERE held.said_revision < excluded.said_revision
