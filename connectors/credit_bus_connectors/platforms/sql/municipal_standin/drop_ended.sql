DELETE FROM municipal_standin.held AS held
 USING municipal_standin.answer, municipal_standin.ended
 WHERE answer.key = ANY (%(keys)s) AND answer.result = 'accepted'
   AND ended.document = answer.item #>> '{ends,document}'
   AND held.document = ended.document AND held.revision <= ended.revision
