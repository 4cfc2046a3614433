-- Fills an empty database with the data of the bulk benchmarks, the same on every machine: 100,000 movies in 20 genres,
-- 50,000 users, 5 million ratings, 300,000 reviews. psql -v share=0.01 makes a hundredth of the movies, users and reviews of it,
-- and users=2000 so many users with 100 ratings each.
\if :{?share} \else \set share 1 \endif
\set movies (100000 * :share)::int
\if :{?users} \else \set users (50000 * :share)::int \endif

BEGIN;
\ir indexes-off.sql
SET LOCAL work_mem = '256MB';

-- A number below "size" that depends on "key" and "salt" only.
CREATE FUNCTION pg_temp.pick(key bigint, salt int, size int) RETURNS int LANGUAGE sql IMMUTABLE
    AS $$ SELECT (('x' || substr(md5(salt || ':' || key), 1, 7))::bit(28)::int % size) $$;

INSERT INTO genres (name) SELECT 'Genre ' || n FROM generate_series(1, 20) n;

INSERT INTO movies (title, release_date, runtime_minutes, mpaa_rating, director, distributor, budget, imdb_rating, imdb_votes, created_at)
SELECT CASE pg_temp.pick(n, 1, 5) WHEN 0 THEN 'Žluťoučký "kůň", ' WHEN 1 THEN '夜 the ' ELSE 'The Long ' END || 'Film ' || n,
    date '1930-01-01' + pg_temp.pick(n, 2, 34000), 60 + pg_temp.pick(n, 3, 120), (ARRAY['G', 'PG', 'PG-13', 'R', NULL])[1 + pg_temp.pick(n, 4, 5)],
    'Director ' || pg_temp.pick(n, 5, 9000), 'Studio ' || pg_temp.pick(n, 6, 300), 1000 * pg_temp.pick(n, 7, 200000),
    1 + pg_temp.pick(n, 8, 90) / 10.0, pg_temp.pick(n, 9, 1000000), timestamptz '2020-01-01 UTC' + n * interval '1 second'
FROM generate_series(1, :movies) n;

INSERT INTO movie_genres (movie_id, genre_id)
SELECT DISTINCT m.id, 1 + pg_temp.pick(m.id, 20 + k, 20) FROM movies m, generate_series(1, 2) k;

INSERT INTO users (display_name, user_name, normalized_user_name, email, normalized_email, password_hash, security_stamp, email_confirmed,
    phone_number_confirmed, two_factor_enabled, lockout_enabled, access_failed_count, created_at)
SELECT 'Person ' || n, 'person' || n, 'PERSON' || n, 'person' || n || '@example.org', 'PERSON' || n || '@EXAMPLE.ORG',
    md5('p' || n), md5('s' || n), true, false, false, true, 0, timestamptz '2020-02-01 UTC' + n * interval '1 second'
FROM generate_series(1, :users) n;

-- A user's movies lie a step apart that shares no divisor with the number of movies, so that no movie comes twice.
INSERT INTO ratings (user_id, movie_id, value, created_at, updated_at)
SELECT p, 1 + ((first + k * 1871::bigint) % :movies)::int, 1 + (p * 7 + k * k * 3 + first) % 10, at, at
FROM (SELECT n AS p, pg_temp.pick(n, 10, :movies) AS first FROM generate_series(1, :users) n) users,
    generate_series(0, 99) k, LATERAL (SELECT timestamptz '2021-01-01 UTC' + (p * 100 + k) * interval '1.000001 second' AS at) t;

INSERT INTO reviews (movie_id, user_id, title, body, contains_spoilers, created_at, updated_at)
SELECT 1 + ((pg_temp.pick(p, 11, :movies) + k * 1871::bigint) % :movies)::int, p, 'Review ' || k || ' of user ' || p,
    repeat('What a movie, said "' || p || '". ' || E'\n', 1 + pg_temp.pick(p, 30 + k, 12)), k = 3, at, at
FROM generate_series(1, :users) p, generate_series(0, 5) k, LATERAL (SELECT timestamptz '2022-01-01 UTC' + (p * 10 + k) * interval '1 second' AS at) t;

INSERT INTO favorites (user_id, movie_id, created_at)
SELECT user_id, movie_id, created_at FROM ratings WHERE value = 10 AND movie_id % 10 = 0;

INSERT INTO review_votes (review_id, user_id, created_at)
SELECT id, 1 + (user_id + 5) % :users, created_at + interval '1 day' FROM reviews WHERE id % 3 = 0;
\ir indexes-on.sql
COMMIT;
ANALYZE;
