using System.Text.RegularExpressions;
using MovieAspire.Testing;

namespace MovieAspire.Data.Tests.Documentation;

public sealed partial class SchemaDocumentTests
{
    [Fact]
    public Task Schema_document_is_the_one_of_the_model() => GeneratedFile.VerifyAsync("docs/schema.md", SchemaDocument.Write());

    [Fact]
    public void Every_index_is_listed_with_what_it_serves_and_no_other()
    {
        var text = File.ReadAllText(Path.Combine(Repository.Root, "docs", "database.md"));
        var described = IndexName().Matches(text).Select(match => match.Value).Distinct().Order(StringComparer.Ordinal);
        var existing = SchemaDocument.Tables.SelectMany(table => table.Indexes).Select(index => index.Name).Order(StringComparer.Ordinal);
        Assert.Equal(existing, described);
    }

    [Fact]
    public void Every_table_and_column_has_a_meaning()
    {
        Assert.NotEmpty(SchemaDocument.Tables);
        Assert.Empty(SchemaDocument.Tables.Where(table => Descriptions.Get(table).Length == 0).Select(table => table.Name));
        Assert.Empty(
            from table in SchemaDocument.Tables
            from column in table.Columns
            where Descriptions.Get(column).Length == 0
            select $"{table.Name}.{column.Name}");
    }

    [GeneratedRegex("ix_[a-z_]+")]
    private static partial Regex IndexName();
}
