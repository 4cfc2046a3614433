using System.Text.RegularExpressions;
using MovieAspire.Testing;

namespace MovieAspire.Data.Tests.Documentation;

public sealed partial class SchemaDocumentTests
{
    private static readonly string Docs = Path.Combine(Repository.Root, "docs");

    [Fact]
    public async Task Schema_document_is_the_one_of_the_model()
    {
        var written = SchemaDocument.Write();
        var file = Path.Combine(Docs, "schema.md");
        if (Environment.GetEnvironmentVariable("MOVIEASPIRE_UPDATE") == "1")
        {
            await File.WriteAllTextAsync(file, written);
        }

        Assert.True(
            File.Exists(file) && written == (await File.ReadAllTextAsync(file)).ReplaceLineEndings("\n"),
            "docs/schema.md is not what the model says. If the change is meant, run this test with MOVIEASPIRE_UPDATE=1 and commit the file.");
    }

    [Fact]
    public void Every_index_is_listed_with_what_it_serves_and_no_other()
    {
        var text = File.ReadAllText(Path.Combine(Docs, "database.md"));
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
