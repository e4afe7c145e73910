INSERT INTO site.delivery (event_id)
SELECT event_id FROM unnest(%(ids)s::text[]) WITH ORDINALITY AS came (event_id, place)
 ORDER BY place
    ON CONFLICT (event_id) DO NOTHING
