INSERT INTO site.standing (document_key, revision, withdrawn_to, ended_to, removed, corrected_from,
                           raised, decided)
SELECT decode(document_key, 'hex'), revision, withdrawn_to, ended_to, removed, corrected_from,
       (SELECT coalesce(array_agg(decode(digest, 'hex')), '{}') FROM unnest(raised) AS digest),
       (SELECT coalesce(array_agg(decode(digest, 'hex')), '{}') FROM unnest(decided) AS digest)
  FROM jsonb_to_recordset(%(rows)s)
       AS told (document_key text, revision integer, withdrawn_to integer, ended_to integer,
                removed boolean, corrected_from integer, raised text[], decided text[])
    ON CONFLICT (document_key) DO UPDATE
   SET revision = excluded.revision, withdrawn_to = excluded.withdrawn_to,
       ended_to = excluded.ended_to, removed = excluded.removed,
       corrected_from = excluded.corrected_from, raised = excluded.raised,
       decided = excluded.decided
