INSERT INTO municipal_standin.ended AS ended (document, revision)
SELECT item #>> '{ends,document}',
       max(coalesce((item #>> '{ends,revision}')::integer, 2147483647))
  FROM municipal_standin.answer
 WHERE key = ANY (%(keys)s) AND result = 'accepted' AND item #>> '{ends,document}' IS NOT NULL
 GROUP BY 1
    ON CONFLICT (document) DO UPDATE SET revision = greatest(ended.revision, excluded.revision)
