ALTER TABLE movies ADD imdb_id character varying(12);

ALTER TABLE movies ADD tmdb_id integer;

ALTER TABLE movies ADD CONSTRAINT ck_movies_imdb_id CHECK (imdb_id ~ '^tt[0-9]{7,10}$') NOT VALID;

ALTER TABLE movies ADD CONSTRAINT ck_movies_tmdb_id CHECK (tmdb_id > 0) NOT VALID;

INSERT INTO "__EFMigrationsHistory" ("MigrationId", "ProductVersion")
VALUES ('20261126172518_ExternalIds', '10.0.15');
