SELECT party, obligation, began_on, remind_on, due_on, source, decided_on, rests, because_of,
       1 AS number
  FROM casework.owed
 WHERE NOT rests AND (remind_on <= %(today)s OR decided_on < %(today)s)
 ORDER BY due_on, decided_on, because_of
 LIMIT %(most)s
