WITH said AS (
    UPDATE intake.request SET said_at = now() WHERE party = %(party)s AND key = %(key)s
)
UPDATE intake.statement SET headers = NULL, value = NULL
 WHERE party = %(party)s AND key = %(key)s
