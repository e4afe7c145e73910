GRANT USAGE ON SCHEMA enquiry, district, intake TO credit_bus_enquiry;
GRANT SELECT ON enquiry.migration TO credit_bus_enquiry;
GRANT SELECT, INSERT ON enquiry.log, enquiry.disclosure TO credit_bus_enquiry;

-- No body, no name, no sealed number: which records there are, and how they stand.
GRANT SELECT (document_key, type, provider, subject_key, document, revision, decided_on, list_code,
              term_begins_on, term_ends_on, until_performance, publicity_ended_by, disputed_by)
    ON district.current_record TO credit_bus_enquiry;
GRANT SELECT (document_key, removed_on) ON district.removal TO credit_bus_enquiry;
GRANT SELECT (document_key, cause, ended_on, event_id) ON district.publicity_end
    TO credit_bus_enquiry;
GRANT SELECT (action_id, subject_key, instrument, begins_on, ends_on, until_performance)
    ON district.action TO credit_bus_enquiry;
GRANT SELECT (action_id, measure, revision) ON district.measure_order TO credit_bus_enquiry;
GRANT SELECT (action_id, measure, department, decision, revision) ON district.measure_response
    TO credit_bus_enquiry;
GRANT SELECT (action_id, measure, department, outcome, revision) ON district.measure_execution
    TO credit_bus_enquiry;
GRANT SELECT (action_id, measure, department, revision) ON district.measure_lifting
    TO credit_bus_enquiry;
GRANT SELECT (type, said_by, action_id, reference, revision) ON district.case_event
    TO credit_bus_enquiry;

-- Whose key it is. That it was used is noted; nothing else of a key can be changed.
GRANT SELECT (key_id, party, digest, revoked_at, last_used_at), UPDATE (last_used_at)
    ON intake.api_key TO credit_bus_enquiry;
