SELECT (SELECT count(*) FROM municipal_standin.answer WHERE result = 'accepted'),
       (SELECT count(*) FROM municipal_standin.answer WHERE result = 'refused'),
       (SELECT count(*) FROM municipal_standin.held)
