CREATE OR REPLACE FUNCTION immutable_unaccent(text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT
    AS $$ SELECT public.unaccent('public.unaccent'::regdictionary, $1) $$;

UPDATE movies SET title = title
WHERE sort_title <> lower(immutable_unaccent(title)) OR search_vector <> movie_search_vector(title, director);


DELETE FROM "__EFMigrationsHistory"
WHERE "MigrationId" = '20261126174756_LocaleIndependentSearch';
