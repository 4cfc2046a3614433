SELECT m.id, m.title, m.release_date, m.runtime_minutes, m.mpaa_rating, m.director, m.distributor,
    m.budget, m.domestic_gross, m.worldwide_gross, m.imdb_rating, m.imdb_votes, m.imdb_id, m.tmdb_id,
    ARRAY(SELECT g.name FROM movie_genres mg JOIN genres g ON g.id = mg.genre_id WHERE mg.movie_id = m.id ORDER BY g.name) AS genres,
    s.average_rating, s.rating_count, s.review_count, s.favorite_count, s.rating_histogram, m.created_at, m.updated_at
FROM movies m JOIN movie_stats s ON s.movie_id = m.id WHERE m.id = :movie;
