using System.Text.RegularExpressions;
using System.Xml.Linq;
using MovieAspire.MigrationWorker.Diagram;
using MovieAspire.Testing;

namespace MovieAspire.MigrationWorker.Tests;

public sealed partial class DocumentsTests
{
    private static readonly string Docs = Path.Combine(Repository.Root, "docs");

    [Fact]
    public async Task The_documents_are_those_of_the_model()
    {
        var documents = Documents.Make(Docs);
        Assert.Equal(2, documents.Count);
        foreach (var (file, text) in documents)
        {
            await GeneratedFile.VerifyAsync(Path.GetRelativePath(Repository.Root, file), text);
        }
    }

    [Fact]
    public void Every_index_is_listed_with_what_it_serves_and_no_other()
    {
        var text = File.ReadAllText(Path.Combine(Docs, "database.md"));
        var described = IndexName().Matches(text).Select(match => match.Value).Distinct().Order(StringComparer.Ordinal);
        var existing = SchemaReader.Read().SelectMany(table => table.Indexes).Select(index => index.Name).Order(StringComparer.Ordinal);
        Assert.Equal(existing, described);
    }

    [Fact]
    public void Every_table_and_column_has_a_meaning()
    {
        var tables = SchemaReader.Read();
        Assert.NotEmpty(tables);
        Assert.Empty(tables.Where(table => table.Meaning.Length == 0).Select(table => table.Name));
        Assert.Empty(from table in tables from column in table.Columns where column.Meaning.Length == 0 select $"{table.Name}.{column.Name}");
    }

    [Fact]
    public void The_picture_shows_every_table_and_every_reference()
    {
        var tables = SchemaReader.Read();
        var picture = XDocument.Parse(Svg.Write(tables)).Root!;
        XNamespace svg = "http://www.w3.org/2000/svg";
        var names = picture.Elements(svg + "text").Where(text => text.Attribute("class")?.Value == "head").Select(text => text.Value);
        Assert.Equal(tables.Select(table => table.Name).Order(StringComparer.Ordinal), names.Order(StringComparer.Ordinal));
        Assert.Equal(tables.Sum(table => table.References.Count), picture.Elements(svg + "path").Count());
    }

    [GeneratedRegex("ix_[a-z_]+")]
    private static partial Regex IndexName();
}
