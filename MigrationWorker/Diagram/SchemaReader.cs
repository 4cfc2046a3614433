using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Migrations;
using MovieAspire.Data;

namespace MovieAspire.MigrationWorker.Diagram;

/// <summary>Reads tables from EF Core's model; needs no database.</summary>
internal static class SchemaReader
{
    public static IReadOnlyList<TableModel> Read()
    {
        using var context = new MovieDbContext(new DbContextOptionsBuilder<MovieDbContext>().UseNpgsql("Host=nowhere").Options);
        var tables = context.GetService<IDesignTimeModel>().Model.GetRelationalModel().Tables;
        return [.. tables.OrderBy(table => table.Name, StringComparer.Ordinal).Select(Read)];
    }

    private static TableModel Read(ITable table)
    {
        var entity = table.EntityTypeMappings.First().TypeBase.ClrType;
        return new TableModel(
            table.Name,
            Meanings.Of(entity, table.Name),
            [.. table.Columns.OrderBy(column => Order(table, column, entity)).Select(column => Read(table, column, entity))],
            [.. table.ForeignKeyConstraints.OrderBy(key => key.Name, StringComparer.Ordinal).Select(Read)],
            [.. table.Indexes.OrderBy(index => index.Name, StringComparer.Ordinal)
                .Select(index => new IndexModel(index.Name, string.Join(", ", index.Columns.Select(column => column.Name)), index.IsUnique))]);
    }

    private static ColumnModel Read(ITable table, IColumn column, Type entity)
    {
        var property = column.PropertyMappings[0].Property;
        var origin = column.ComputedColumnSql is { } computed ? $"= {computed}"
            : column.DefaultValueSql is { } sql ? $"default {sql}"
            : column.DefaultValue is { } value ? $"default {value}"
            : property.ValueGenerated == ValueGenerated.OnAdd ? "identity" : null;
        return new ColumnModel(
            column.Name,
            column.StoreType,
            column.IsNullable,
            table.PrimaryKey!.Columns.Contains(column),
            origin,
            Meanings.Of(entity, property.Name, column.Name));
    }

    private static ReferenceModel Read(IForeignKeyConstraint key) => new(
        string.Join(", ", key.Columns.Select(column => column.Name)),
        key.PrincipalTable.Name,
        key.MappedForeignKeys.First().IsUnique,
        key.OnDeleteAction == ReferentialAction.Cascade ? "deletes with it" : "refused while it is used");

    /// <summary>Keys, then in the order of the source, then what Identity's base class brings.</summary>
    private static (bool, bool, int) Order(ITable table, IColumn column, Type entity)
    {
        var source = column.PropertyMappings[0].Property.PropertyInfo;
        return (!table.PrimaryKey!.Columns.Contains(column), source?.DeclaringType != entity, source?.MetadataToken ?? 0);
    }
}
