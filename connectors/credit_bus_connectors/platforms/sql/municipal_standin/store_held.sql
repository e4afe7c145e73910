INSERT INTO municipal_standin.held AS held (document, key, revision, item)
SELECT DISTINCT ON (item ->> 'document')
       item ->> 'document', key, (item ->> 'revision')::integer, item
  FROM municipal_standin.answer
 WHERE key = ANY (%(keys)s) AND result = 'accepted'
   AND NOT EXISTS (SELECT FROM municipal_standin.ended
                    WHERE ended.document = item ->> 'document'
                      AND ended.revision >= (item ->> 'revision')::integer)
 ORDER BY item ->> 'document', (item ->> 'revision')::integer DESC
    ON CONFLICT (document) DO UPDATE
   SET key = excluded.key, revision = excluded.revision, item = excluded.item,
       shown = true
 WHERE held.revision < excluded.revision
