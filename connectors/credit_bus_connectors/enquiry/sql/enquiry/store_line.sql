INSERT INTO enquiry.log (event_id, way, asker, key_id, enquiry_number, revision, subject_key,
                         purpose, procedure, case_reference, asked_at, answer_by, logged_at,
                         outcome, records, measures, left_out, clean, answer)
VALUES (%(event_id)s, %(way)s, %(asker)s, %(key_id)s, %(enquiry_number)s, %(revision)s,
        %(subject)s, %(purpose)s, %(procedure)s, %(case_reference)s, %(asked_at)s, %(answer_by)s,
        %(logged_at)s, %(outcome)s, %(records)s, %(measures)s, %(left_out)s, %(clean)s, %(answer)s)
    ON CONFLICT (event_id) DO NOTHING
RETURNING log_number
