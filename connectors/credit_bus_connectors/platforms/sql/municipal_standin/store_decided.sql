INSERT INTO municipal_standin.decided (objection)
SELECT DISTINCT item #>> '{disputes,objection}'
  FROM municipal_standin.answer
 WHERE key = ANY (%(keys)s) AND result = 'accepted'
   AND NOT (item #>> '{disputes,open}')::boolean
    ON CONFLICT (objection) DO NOTHING
