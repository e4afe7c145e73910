WITH used AS (
    UPDATE intake.api_key SET last_used_at = now()
     WHERE digest = %(digest)s AND revoked_at IS NULL
       AND (last_used_at IS NULL OR last_used_at < now() - make_interval(secs => %(seconds)s))
)
SELECT party, key_id FROM intake.api_key WHERE digest = %(digest)s AND revoked_at IS NULL
