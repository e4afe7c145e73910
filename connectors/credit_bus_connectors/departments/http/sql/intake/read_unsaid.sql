SELECT trace, record_key, headers, value
  FROM intake.statement
 WHERE party = %(party)s AND key = %(key)s AND value IS NOT NULL
 ORDER BY position
