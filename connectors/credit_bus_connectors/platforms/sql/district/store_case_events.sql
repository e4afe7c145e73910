-- Every revision of what follows an initiation, or changes how a record stands. A duplicate changes nothing.
INSERT INTO district.case_event (event_id, type, said_by, subject_key, document_key, revision,
                                 said_at, reference, action_id, about_provider, about_type,
                                 about_document, because_of, outcome)
SELECT event_id, type, provider, subject_key, document_key, revision, said_at,
       coalesce(body ->> 'objection_number', body ->> 'request_number',
                body ->> 'enquiry_number', body ->> 'reference'),
       coalesce(body ->> 'action_id', body #>> '{about,action_id}'),
       coalesce(body #>> '{about,record,provider}', body #>> '{record,provider}',
                body ->> 'entered_by'),
       coalesce(body #>> '{about,record,type}', body #>> '{record,type}',
                CASE type WHEN 'listing.removed' THEN 'listing.entered' END),
       coalesce(body #>> '{about,record,document_number}', body #>> '{record,document_number}',
                CASE type WHEN 'listing.removed' THEN body ->> 'document_number' END),
       body ->> 'because_of',
       coalesce(body ->> 'cause', body ->> 'decision', body ->> 'state')
  FROM district.record
 WHERE event_id = ANY (%(ids)s) AND type = ANY (%(case_types)s)
 ORDER BY record_number
    ON CONFLICT (event_id) DO NOTHING
