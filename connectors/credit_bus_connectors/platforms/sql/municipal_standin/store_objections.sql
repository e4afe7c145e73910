INSERT INTO municipal_standin.objection AS held (objection, document, revision)
SELECT DISTINCT ON (item #>> '{disputes,objection}')
       item #>> '{disputes,objection}', item #>> '{disputes,document}',
       (item ->> 'revision')::integer
  FROM municipal_standin.answer
 WHERE key = ANY (%(keys)s) AND result = 'accepted'
   AND (item #>> '{disputes,open}')::boolean
 ORDER BY item #>> '{disputes,objection}', (item ->> 'revision')::integer
    ON CONFLICT (objection) DO UPDATE
   SET document = excluded.document, revision = excluded.revision
 WHERE excluded.revision < held.revision
