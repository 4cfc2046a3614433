using MovieAspire.MigrationWorker.Migrations;

namespace MovieAspire.MigrationWorker.Tests.Migrations;

public sealed class SqlSplitterTests
{
    [Theory]
    [InlineData("SELECT 1; SELECT 2", "SELECT 1|SELECT 2")]
    [InlineData("SELECT ';'; SELECT \";\"", "SELECT ';'|SELECT \";\"")]
    [InlineData("SELECT 'it''s;'; SELECT 2;", "SELECT 'it''s;'|SELECT 2")]
    [InlineData("SELECT $$;$$; SELECT $a$ $$;$$ $a$", "SELECT $$;$$|SELECT $a$ $$;$$ $a$")]
    [InlineData("SELECT $1; SELECT $2", "SELECT $1|SELECT $2")]
    [InlineData("SELECT 1 -- not; this\n; SELECT /* ; */ 2", "SELECT 1 -- not; this|SELECT /* ; */ 2")]
    [InlineData(" ;; \n", "")]
    public void Semicolon_ends_a_statement_only_where_it_is_one(string script, string statements) =>
        Assert.Equal(statements, string.Join('|', SqlSplitter.Split(script).Select(statement => statement.Text)));

    [Fact]
    public void Comments_belong_to_the_statement_after_them()
    {
        var statements = SqlSplitter.Split("-- first\nSELECT 1;\n\n-- second\n/* more */ SELECT 2;").ToList();
        Assert.Equal(["-- first", "-- second\n/* more */"], statements.Select(statement => statement.Comment));
    }
}
