-- Run after bulk-data.sql and skewed-data.sql: 100 reviews for each of the 200 most rated movies, and 30 favorites for the users that log in.
INSERT INTO reviews (movie_id, user_id, title, body, contains_spoilers, created_at, updated_at)
SELECT rank * 400, 1000 + 40 * n + rank % 40, 'Review ' || n, repeat('What a movie, seen ' || n || ' times. ', 1 + n % 12), n % 9 = 0, at, at
FROM generate_series(1, 200) rank, generate_series(1, 100) n, LATERAL (SELECT timestamptz '2023-01-01 UTC' + (rank * 100 + n) * interval '1 second' AS at) t
ON CONFLICT DO NOTHING;
INSERT INTO favorites (user_id, movie_id, created_at)
SELECT n, 1 + (n * 7919 + k * 1871) % 100000, timestamptz '2023-01-01 UTC' + k * interval '1 second' FROM generate_series(1, 16) n, generate_series(1, 30) k
ON CONFLICT DO NOTHING;
VACUUM ANALYZE;
