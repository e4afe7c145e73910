SELECT document_key, revision, withdrawn_to, ended_to, removed, corrected_from, raised, decided
  FROM site.standing
 WHERE document_key = ANY (%(keys)s)
