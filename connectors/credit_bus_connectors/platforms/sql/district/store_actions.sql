-- The newest revision of each action in the batch, unless a newer one is here already.
INSERT INTO district.action AS held (action_id, initiator, subject_key, kind, field, cause,
                                     instrument, notice, begins_on, ends_on, until_performance,
                                     revision, event_id)
SELECT DISTINCT ON (document)
       document, provider, subject_key, body ->> 'kind', body ->> 'field', body ->> 'cause',
       body -> 'instrument', body -> 'notice', (body #>> '{term,begins_on}')::date,
       (body #>> '{term,ends_on}')::date, (body #>> '{term,until_performance}')::boolean,
       revision, event_id
  FROM district.record
 WHERE event_id = ANY (%(ids)s) AND type = 'action.initiated'
 ORDER BY document, revision DESC
    ON CONFLICT (action_id) DO UPDATE
   SET kind = excluded.kind, field = excluded.field, cause = excluded.cause,
       instrument = excluded.instrument, notice = excluded.notice,
       begins_on = excluded.begins_on, ends_on = excluded.ends_on,
       until_performance = excluded.until_performance, revision = excluded.revision,
       event_id = excluded.event_id
 WHERE held.revision < excluded.revision
