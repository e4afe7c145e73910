-- Which objections about records are decided; what is decided once stays so.
INSERT INTO district.objection_decision (raised_by, number, subject_key, document_key, event_id)
SELECT body ->> 'raised_by', body ->> 'objection_number', subject_key, about_key, event_id
  FROM district.record
 WHERE event_id = ANY (%(ids)s) AND type = 'objection.decided' AND about_key IS NOT NULL
 ORDER BY revision
    ON CONFLICT (raised_by, number, subject_key, document_key) DO NOTHING
