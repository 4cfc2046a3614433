-- The 20 top rated movies, and one more, which tells whether there is a next page.
SELECT m.id, m.title, m.release_date, m.runtime_minutes,
    ARRAY(SELECT g.name FROM movie_genres mg JOIN genres g ON g.id = mg.genre_id WHERE mg.movie_id = m.id ORDER BY g.name) AS genres,
    s.average_rating, s.rating_count, s.review_count, m.updated_at, s.score
FROM movie_stats s JOIN movies m ON m.id = s.movie_id
ORDER BY s.score DESC, s.movie_id DESC LIMIT 21;
