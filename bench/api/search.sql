-- A simple search with a trigram index: titles that contain the text, the most rated first.
SELECT m.id, m.title, m.release_date, m.runtime_minutes,
    ARRAY(SELECT g.name FROM movie_genres mg JOIN genres g ON g.id = mg.genre_id WHERE mg.movie_id = m.id ORDER BY g.name) AS genres,
    s.average_rating, s.rating_count, s.review_count, m.updated_at, s.rating_count AS key
FROM movies m JOIN movie_stats s ON s.movie_id = m.id WHERE m.sort_title LIKE '%' || :word || '%'
ORDER BY s.rating_count DESC, s.movie_id DESC LIMIT 21;
