COMMENT ON TABLE movies IS NULL;
DELETE FROM "__EFMigrationsHistory" WHERE "MigrationId" = '99990101000000_Next';
