SELECT count(*) FROM movies;
