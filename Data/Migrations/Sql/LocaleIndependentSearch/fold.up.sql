-- Lower case by ICU's rules, not by those of the database's locale, which may know ASCII only ("C").
CREATE OR REPLACE FUNCTION immutable_unaccent(text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT
    AS $$ SELECT lower(public.unaccent('public.unaccent'::regdictionary, $1) COLLATE pg_catalog."und-x-icu") $$;

-- Computes the search columns again where they differ: in few movies, or in those beyond ASCII of a database with locale "C".
UPDATE movies SET title = title
WHERE sort_title <> lower(immutable_unaccent(title)) OR search_vector <> movie_search_vector(title, director);
