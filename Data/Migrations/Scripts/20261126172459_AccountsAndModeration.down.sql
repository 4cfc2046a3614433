DROP TABLE audit_entries;

DROP TABLE outgoing_emails;

DROP TABLE review_reports;

DROP TABLE sessions;

DELETE FROM "__EFMigrationsHistory"
WHERE "MigrationId" = '20261126172459_AccountsAndModeration';
