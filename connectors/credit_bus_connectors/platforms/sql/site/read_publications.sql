SELECT document_key, kind, provider, category, name, uscc, document_number, title, authority,
       decided_on, shown_from, shown_until, classes, matter, basis, outcome, certificate,
       fine_10k, confiscated_10k, begins_on, ends_on, until_performance, instrument_type,
       instrument_title, instrument_number, instrument_article, instrument_issuer,
       instrument_issued_on, removal_conditions, remedies, said_disputed
  FROM site.publication
 WHERE document_key = ANY (%(keys)s) AND state = 'shown'
