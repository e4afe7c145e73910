SELECT purpose, procedure, case_reference, outcome, logged_at, answer::text
  FROM enquiry.log WHERE event_id = %(event_id)s
