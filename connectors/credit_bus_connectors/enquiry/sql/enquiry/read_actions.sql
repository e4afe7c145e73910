SELECT action_id, begins_on, ends_on, until_performance, instrument
  FROM district.action
 WHERE subject_key = %(subject)s
 ORDER BY begins_on DESC, action_id
 LIMIT %(most)s
