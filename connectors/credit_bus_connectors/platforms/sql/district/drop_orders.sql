-- A measure that the newest revision of its action no longer names is not ordered any more.
DELETE FROM district.measure_order AS held
 USING district.action
 WHERE action.event_id = ANY (%(ids)s)
   AND held.action_id = action.action_id AND held.revision < action.revision
