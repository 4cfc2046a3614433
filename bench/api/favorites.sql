SELECT m.id, m.title, m.release_date, m.runtime_minutes,
    ARRAY(SELECT g.name FROM movie_genres mg JOIN genres g ON g.id = mg.genre_id WHERE mg.movie_id = m.id ORDER BY g.name) AS genres,
    s.average_rating, s.rating_count, s.review_count, m.updated_at, f.created_at
FROM favorites f JOIN movies m ON m.id = f.movie_id JOIN movie_stats s ON s.movie_id = m.id
WHERE f.user_id = :user ORDER BY f.created_at DESC, f.movie_id DESC LIMIT 21;
