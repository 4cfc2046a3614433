using MovieAspire.Data.Migrations;
using MovieAspire.MigrationWorker.Migrations;

namespace MovieAspire.MigrationWorker.Tests.Migrations;

/// <summary>Four migrations that come after this project's own, since plans and rollbacks prove nothing with one.</summary>
internal static class FakeMigrations
{
    public static IReadOnlyList<MigrationScript> Four { get; } =
    [
        Create(1, "First", "CREATE TABLE notes (id bigint PRIMARY KEY)", "DROP TABLE notes"),
        Create(2, "Second", "ALTER TABLE notes ADD COLUMN body text, ADD COLUMN author text",
        "ALTER TABLE notes DROP COLUMN body, DROP author"),
        Create(3, "Third", "INSERT INTO notes SELECT n, 'body ' || n, 'author' FROM generate_series(1, 3) AS n",
        "DELETE FROM notes WHERE id <= 3"),
        Create(4, "Fourth", "CREATE INDEX CONCURRENTLY IF NOT EXISTS ix_notes_body ON notes (body)",
        "DROP INDEX CONCURRENTLY IF EXISTS ix_notes_body"),
    ];

    /// <summary>A database that had the first <paramref name="count"/> of the four.</summary>
    public static MigrationState After(int count) =>
        new(Four, [.. Four.Take(count).Select(script => script.Id)], Four.Take(count).ToDictionary(
            script => script.Id, script => script.Checksum));

    /// <summary>The steps in short, such as <c>+First</c> and <c>-First</c>.</summary>
    public static string Describe(this IEnumerable<MigrationStep> steps) =>
        string.Join(' ', steps.Select(step => $"{(step.IsUp ? '+' : '-')}{step.Script.Id.Split('_')[1]}"));

    public static MigrationScript Create(int day, string name, string up, string down)
    {
        var id = $"299901{day:00}000000_{name}";
        return new MigrationScript(
            id,
            $"{up};\nINSERT INTO \"__EFMigrationsHistory\" VALUES ('{id}', '1');",
            $"{down};\nDELETE FROM \"__EFMigrationsHistory\" WHERE \"MigrationId\" = '{id}';");
    }
}
