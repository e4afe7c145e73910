INSERT INTO site.standing (document_key, revision, withdrawn_to, ended_to, removed, corrected_from,
                           raised, decided)
VALUES (%(document_key)s, %(revision)s, %(withdrawn_to)s, %(ended_to)s, %(removed)s,
        %(corrected_from)s, %(raised)s, %(decided)s)
    ON CONFLICT (document_key) DO UPDATE
   SET revision = excluded.revision, withdrawn_to = excluded.withdrawn_to,
       ended_to = excluded.ended_to, removed = excluded.removed,
       corrected_from = excluded.corrected_from, raised = excluded.raised,
       decided = excluded.decided
