DROP FUNCTION touch_movies_of_genres() CASCADE;
DROP FUNCTION raise_version() CASCADE;
DROP FUNCTION touch_row() CASCADE;
