using System.Text;
using Microsoft.EntityFrameworkCore;

namespace MovieAspire.Data.Configurations;

/// <summary>
/// Names columns, keys and indexes in PostgreSQL's usual style: <c>release_date</c>, <c>pk_movies</c>, <c>ix_movies_release_date</c>.
/// </summary>
internal static class SnakeCase
{
    public static void UseSnakeCase(this ModelBuilder builder)
    {
        foreach (var entity in builder.Model.GetEntityTypes())
        {
            foreach (var property in entity.GetProperties())
            {
                property.SetColumnName(From(property.Name));
            }

            foreach (var key in entity.GetKeys())
            {
                key.SetName(From(key.GetName()!));
            }

            foreach (var foreignKey in entity.GetForeignKeys())
            {
                foreignKey.SetConstraintName(From(foreignKey.GetConstraintName()!));
            }

            foreach (var index in entity.GetIndexes())
            {
                index.SetDatabaseName(index.Name ?? From(index.GetDefaultDatabaseName()!));
            }
        }
    }

    private static string From(string name)
    {
        var result = new StringBuilder();
        for (var i = 0; i < name.Length; i++)
        {
            if (i > 0 && char.IsUpper(name[i]) && char.IsLower(name[i - 1]))
            {
                result.Append('_');
            }

            result.Append(char.ToLowerInvariant(name[i]));
        }

        return result.ToString();
    }
}
