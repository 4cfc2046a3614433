ALTER TABLE users ADD favorites_are_public boolean NOT NULL DEFAULT FALSE;

ALTER TABLE users ADD ratings_are_public boolean NOT NULL DEFAULT FALSE;

INSERT INTO "__EFMigrationsHistory" ("MigrationId", "ProductVersion")
VALUES ('20261126172505_ProfilePrivacy', '10.0.15');
