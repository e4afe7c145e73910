SELECT pg_advisory_xact_lock(hashtextextended('site.publication', 0))
