-- Once for each receipt: a form that is sent again is the same petition.
INSERT INTO site.petition (receipt_digest, kind, document_key, revision, provider, record_type,
                           document_number, subject_name, category, uscc, applicant, relation, telephone,
                           statement, scope, performed_on, commitment_published_on, proofs)
VALUES (%(receipt_digest)s, %(kind)s, %(document_key)s, %(revision)s, %(provider)s,
        %(record_type)s, %(document_number)s, %(subject_name)s, %(category)s, %(uscc)s,
        %(applicant)s, %(relation)s, %(telephone)s, %(statement)s, %(scope)s, %(performed_on)s,
        %(commitment_published_on)s, %(proofs)s)
    ON CONFLICT (receipt_digest) DO NOTHING
