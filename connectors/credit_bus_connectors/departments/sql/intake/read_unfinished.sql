SELECT party, key FROM intake.request
 WHERE answered_at IS NULL AND received_at < now() - make_interval(secs => %(seconds)s)
 ORDER BY received_at
 LIMIT %(most)s
