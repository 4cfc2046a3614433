-- Drops the indexes and foreign keys of the tables that the bulk benchmarks fill, except those that foreign keys of other tables need.
-- indexes-on.sql creates them again.
CREATE TEMP TABLE taken AS
SELECT 2 AS rank, format('ALTER TABLE %s DROP CONSTRAINT %I', c.conrelid::regclass, c.conname) AS off,
    format('ALTER TABLE %s ADD CONSTRAINT %I %s', c.conrelid::regclass, c.conname, pg_get_constraintdef(c.oid)) AS "on"
FROM pg_constraint c
WHERE c.conrelid = ANY ('{movies,movie_genres,users,reviews,review_votes,ratings,favorites}'::regclass[])
    AND (c.contype = 'f' OR (c.contype = 'p' AND NOT EXISTS (SELECT FROM pg_constraint f WHERE f.contype = 'f' AND f.conindid = c.conindid)))
UNION ALL
SELECT 1, format('DROP INDEX %s', i.indexrelid::regclass), pg_get_indexdef(i.indexrelid)
FROM pg_index i
WHERE i.indrelid = ANY ('{movies,movie_genres,users,reviews,review_votes,ratings,favorites}'::regclass[])
    AND NOT EXISTS (SELECT FROM pg_constraint c WHERE c.conindid = i.indexrelid);
SELECT off FROM taken ORDER BY rank DESC \gexec
