UPDATE municipal_standin.held AS held
   SET disputed = marked.disputed
  FROM (SELECT document,
               EXISTS (SELECT FROM municipal_standin.objection
                        WHERE objection.document = touched.document
                          AND NOT EXISTS (SELECT FROM municipal_standin.decided
                                           WHERE decided.objection = objection.objection))
               AS disputed
          FROM (SELECT coalesce(item #>> '{disputes,document}', item ->> 'document') AS document
                  FROM municipal_standin.answer
                 WHERE key = ANY (%(keys)s) AND result = 'accepted') AS touched
       ) AS marked
 WHERE held.document = marked.document AND held.disputed <> marked.disputed
