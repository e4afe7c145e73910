INSERT INTO municipal_standin.hidden AS hidden (document, revision)
SELECT item #>> '{hides,document}', max((item #>> '{hides,revision}')::integer)
  FROM municipal_standin.answer
 WHERE key = ANY (%(keys)s) AND result = 'accepted' AND item #>> '{hides,document}' IS NOT NULL
 GROUP BY 1
    ON CONFLICT (document) DO UPDATE SET revision = greatest(hidden.revision, excluded.revision)
