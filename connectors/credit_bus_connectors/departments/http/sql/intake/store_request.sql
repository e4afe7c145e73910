INSERT INTO intake.request (party, key, digest, received_at, items)
VALUES (%(party)s, %(key)s, %(digest)s, %(received_at)s, %(items)s)
    ON CONFLICT (party, key) DO NOTHING
