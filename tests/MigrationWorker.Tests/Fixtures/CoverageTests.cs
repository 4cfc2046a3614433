using MovieAspire.MigrationWorker.Cli;
using MovieAspire.MigrationWorker.Fixtures;

namespace MovieAspire.MigrationWorker.Tests.Fixtures;

/// <summary>A table or column that somebody adds must be dumped, or be left out on purpose.</summary>
public sealed class CoverageTests
{
    private const string Tables = """
        SELECT string_agg(tablename, ',' ORDER BY tablename) FROM pg_tables
        WHERE schemaname = 'public' AND tablename NOT IN ('__EFMigrationsHistory', 'applied_migrations')
        """;

    // The natural key stands for the value of a foreign key; a key that the database gives is called id.
    private const string Columns = """
        SELECT coalesce(string_agg(attname, ',' ORDER BY attname), '') FROM pg_attribute
        WHERE attrelid = '{0}'::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = ''
            AND attname <> 'id' AND attname <> 'helpful_count'
            AND NOT EXISTS (SELECT FROM pg_constraint WHERE conrelid = attrelid AND contype = 'f' AND attnum = ANY (conkey))
        """;

    [Fact]
    public async Task Tables_and_columns_are_all_dumped_or_excluded_on_purpose()
    {
        await using var database = await FixtureDatabase.CreateAsync();
        var known = FixtureTables.All.Select(table => table.Name).Concat(FixtureTables.Excluded).Order(StringComparer.Ordinal);
        Assert.Equal(await database.ScalarAsync<string>(Tables), string.Join(',', known));
        foreach (var table in FixtureTables.All)
        {
            var columns = table.Columns.Select(column => column.Name).Order(StringComparer.Ordinal);
            var live = await database.ScalarAsync<string>(Columns.Replace("{0}", table.Name, StringComparison.Ordinal));
            Assert.Equal($"{table.Name}: {live}", $"{table.Name}: {string.Join(',', columns)}");
        }
    }

    [Fact]
    public void Unknown_name_is_refused_with_the_known_ones()
    {
        var failure = Assert.Throws<UserErrorException>(() => FixtureSelection.Choose(["films"], []));
        Assert.StartsWith("There is no table 'films'; there are: genres, movies,", failure.Message, StringComparison.Ordinal);
        Assert.Throws<UserErrorException>(() => FixtureSelection.Choose([], ["passwords"]));
    }
}
