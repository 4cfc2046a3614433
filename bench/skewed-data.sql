-- Run after bulk-data.sql: ratings with a realistic skew. The movie of rank r gets about 42,000/√r ratings, most of them high,
-- and 250 of the 50,000 users rate 3,000 movies each. The triggers are off meanwhile; the counts are set at the end.
BEGIN;
CREATE FUNCTION pg_temp.pick(key text, size int) RETURNS int LANGUAGE sql IMMUTABLE
    AS $$ SELECT ('x' || substr(md5(key), 1, 7))::bit(28)::int % size $$;
ALTER TABLE ratings DISABLE TRIGGER USER;

INSERT INTO ratings (user_id, movie_id, value, created_at, updated_at)
SELECT person, rank * 400, 1 + least(9, (10 * power(pg_temp.pick(person || ':' || rank, 1000) / 1000.0, 0.45))::int), now(), now()
FROM generate_series(1, 200) rank, generate_series(1, 50000) person
WHERE pg_temp.pick(rank || 'v' || person, 50000) < 42000 / sqrt(rank)
ON CONFLICT DO NOTHING;

INSERT INTO ratings (user_id, movie_id, value, created_at, updated_at)
SELECT person, 1 + (person * 7919 + n * 37::bigint) % 100000, 1 + (n * 7 + person) % 10, now(), now()
FROM generate_series(49751, 50000) person, generate_series(1, 3000) n
ON CONFLICT DO NOTHING;

ALTER TABLE ratings ENABLE TRIGGER USER;
UPDATE movie_stats SET rating_histogram = counted.histogram
FROM (
    SELECT movie_id, array_agg(votes ORDER BY value) AS histogram
    FROM (
        SELECT s.movie_id, value, coalesce(c.votes, 0)::integer AS votes
        FROM movie_stats s CROSS JOIN generate_series(1, 10) value
        LEFT JOIN (SELECT movie_id, value, count(*) AS votes FROM ratings GROUP BY 1, 2) c USING (movie_id, value)) each_value
    GROUP BY movie_id) counted
WHERE counted.movie_id = movie_stats.movie_id AND movie_stats.rating_histogram <> counted.histogram;
COMMIT;
VACUUM ANALYZE;
SELECT count(*) AS wrong FROM wrong_aggregates();
