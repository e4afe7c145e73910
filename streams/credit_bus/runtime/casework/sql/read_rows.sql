SELECT kept.kind, kept.name, kept.subject, kept.due_on, kept.state
  FROM unnest(%(kinds)b::text[], %(names)b::text[]) AS wanted (kind, name)
  JOIN casework.row AS kept ON kept.kind = wanted.kind AND kept.name = wanted.name
 WHERE kept.lane = %(lane)s
