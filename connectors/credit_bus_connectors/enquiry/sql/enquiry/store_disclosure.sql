INSERT INTO enquiry.disclosure (party, key_id, subject_key, case_reference, disclosed_at, lines)
VALUES (%(party)s, %(key_id)s, %(subject)s, %(case_reference)s, %(disclosed_at)s, %(lines)s)
