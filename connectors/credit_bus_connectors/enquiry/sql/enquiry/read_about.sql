SELECT log_number, logged_at, way, asker, enquiry_number, purpose, procedure, case_reference,
       outcome, records, measures, clean
  FROM enquiry.log
 WHERE subject_key = %(subject)s
 ORDER BY log_number DESC
 LIMIT %(most)s
