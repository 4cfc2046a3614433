ALTER TABLE movies DROP CONSTRAINT ck_movies_imdb_id;

ALTER TABLE movies DROP CONSTRAINT ck_movies_tmdb_id;

ALTER TABLE movies DROP COLUMN imdb_id;

ALTER TABLE movies DROP COLUMN tmdb_id;

DELETE FROM "__EFMigrationsHistory"
WHERE "MigrationId" = '20261126172518_ExternalIds';
