SELECT party, key FROM intake.request
 WHERE answered_at IS NULL AND received_at < now() - make_interval(secs => %(seconds)s)
 ORDER BY random()  -- so that many that cannot be finished keep no others back
 LIMIT %(most)s
