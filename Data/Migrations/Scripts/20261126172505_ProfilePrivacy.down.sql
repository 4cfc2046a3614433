ALTER TABLE users DROP COLUMN favorites_are_public;

ALTER TABLE users DROP COLUMN ratings_are_public;

DELETE FROM "__EFMigrationsHistory"
WHERE "MigrationId" = '20261126172505_ProfilePrivacy';
