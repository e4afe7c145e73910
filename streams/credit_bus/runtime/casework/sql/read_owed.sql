SELECT party, obligation, began_on, rests, lies_with, count(*) AS number,
       (array_agg(because_of))[1:%(most)s::int] AS events
  FROM casework.owed
 GROUP BY party, obligation, began_on, rests, lies_with
