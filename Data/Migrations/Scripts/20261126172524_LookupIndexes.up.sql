ALTER TABLE movies VALIDATE CONSTRAINT ck_movies_imdb_id;

ALTER TABLE movies VALIDATE CONSTRAINT ck_movies_tmdb_id;

CREATE INDEX CONCURRENTLY ix_users_trigrams ON users USING gin (email gin_trgm_ops, display_name gin_trgm_ops);

CREATE UNIQUE INDEX CONCURRENTLY ix_movies_imdb_id ON movies (imdb_id);

CREATE UNIQUE INDEX CONCURRENTLY ix_movies_tmdb_id ON movies (tmdb_id);

INSERT INTO "__EFMigrationsHistory" ("MigrationId", "ProductVersion")
VALUES ('20261126172524_LookupIndexes', '10.0.15');
