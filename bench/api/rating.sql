INSERT INTO ratings (user_id, movie_id, value) SELECT :user, id, :value FROM movies WHERE id = :movie
ON CONFLICT (user_id, movie_id) DO UPDATE SET value = EXCLUDED.value
RETURNING movie_id, value, created_at, updated_at;
