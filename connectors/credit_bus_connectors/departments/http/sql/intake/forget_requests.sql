DELETE FROM intake.request
 WHERE (party, key) IN (
       SELECT party, key FROM intake.request
        WHERE answered_at < now() - make_interval(days => %(days)s)
        LIMIT %(most)s)
