-- What the search columns of movies are made of. Extensions come with the model's own migration operations.

-- unaccent() itself is only STABLE, since its dictionary could be swapped; naming the dictionary makes the promise safe.
-- The names are qualified because restores and index builds run with an empty search_path.
CREATE FUNCTION immutable_unaccent(text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT
    AS $$ SELECT public.unaccent('public.unaccent'::regdictionary, $1) $$;

-- Configuration "simple" keeps every word as it is: titles consist of names and stop words ("The Who", "It").
CREATE FUNCTION movie_search_vector(title text, director text) RETURNS tsvector
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$
        SELECT setweight(to_tsvector('pg_catalog.simple', public.immutable_unaccent(title)), 'A')
            || setweight(to_tsvector('pg_catalog.simple', coalesce(public.immutable_unaccent(director), '')), 'B')
    $$;
