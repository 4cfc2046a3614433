using Microsoft.EntityFrameworkCore.Migrations;

namespace MovieAspire.Data.Migrations;

/// <summary>Hand-written SQL of a migration: functions and triggers, which EF Core's model does not know.</summary>
internal static class SqlFile
{
    /// <summary>Runs a file of <c>Migrations/Sql</c>. A file belongs to one migration and never changes after that is released.</summary>
    public static void RunFile(this MigrationBuilder builder, string path)
    {
        using var stream = typeof(SqlFile).Assembly.GetManifestResourceStream($"sql/{path}")
            ?? throw new ArgumentException($"There is no embedded file Migrations/Sql/{path}.", nameof(path));
        using var reader = new StreamReader(stream);
        builder.Sql(reader.ReadToEnd());
    }
}
