UPDATE municipal_standin.held AS held
   SET shown = false
  FROM municipal_standin.hidden
 WHERE held.document IN (SELECT coalesce(item #>> '{hides,document}', item ->> 'document')
                           FROM municipal_standin.answer
                          WHERE key = ANY (%(keys)s) AND result = 'accepted')
   AND hidden.document = held.document AND hidden.revision >= held.revision AND held.shown
