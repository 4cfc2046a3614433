DROP FUNCTION note_movies_truncated() CASCADE;
DROP FUNCTION note_movie_changes() CASCADE;
DROP FUNCTION announce_movie_changes();
DROP FUNCTION settled_movie_changes();
DROP FUNCTION last_movie_change();
DROP FUNCTION movie_change_lock_base();


DROP TABLE movie_changes;

DELETE FROM "__EFMigrationsHistory"
WHERE "MigrationId" = '20261126172512_MovieChanges';
