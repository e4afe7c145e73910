SELECT party, obligation, began_on, remind_on, due_on, source, decided_on, rests,
       min(because_of) AS because_of, count(*) AS number
  FROM casework.owed
 GROUP BY party, obligation, began_on, remind_on, due_on, source, decided_on, rests
