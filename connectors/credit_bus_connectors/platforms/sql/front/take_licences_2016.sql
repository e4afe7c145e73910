-- What the province's exchange does: takes new rows, the longest waiting first, and marks them.
-- A row without any code or number of its subject is refused, and one whose name is longer than the
-- province's own column.
UPDATE front.l_gz_xzxk_2016 AS line
   SET marked_at = now(),
       state = CASE WHEN named AND fits THEN 1 ELSE 2 END,
       error_text = CASE WHEN NOT named THEN '行政相对人代码和证件号码均为空' WHEN NOT fits THEN '字段长度不符：XK_XDR' END
  FROM (SELECT recid, coalesce(xk_xdr_shxym, xk_xdr_sfz) IS NOT NULL AS named,
               length(xk_xdr) <= %(name_characters_max)s AS fits
          FROM front.l_gz_xzxk_2016
         WHERE state = 0
         ORDER BY sequence
         LIMIT %(rows_max)s
           FOR UPDATE SKIP LOCKED) AS waiting
 WHERE line.recid = waiting.recid
