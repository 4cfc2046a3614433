-- Changes something, and then fails on a database that asks for it.
COMMENT ON TABLE movies IS 'next release';
DO $$
BEGIN
    IF current_setting('movieaspire.break', true) = 'yes' THEN
        RAISE EXCEPTION 'broken on purpose';
    END IF;
END $$;
INSERT INTO "__EFMigrationsHistory" ("MigrationId", "ProductVersion") VALUES ('99990101000000_Next', '10.0.14');
