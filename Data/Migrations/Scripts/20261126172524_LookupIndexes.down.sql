DROP INDEX ix_users_trigrams;

DROP INDEX ix_movies_imdb_id;

DROP INDEX ix_movies_tmdb_id;

DELETE FROM "__EFMigrationsHistory"
WHERE "MigrationId" = '20261126172524_LookupIndexes';
