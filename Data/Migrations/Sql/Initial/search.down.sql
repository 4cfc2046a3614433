DROP FUNCTION movie_search_vector(text, text);
DROP FUNCTION immutable_unaccent(text);
