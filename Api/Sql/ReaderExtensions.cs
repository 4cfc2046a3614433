using Npgsql;

namespace MovieAspire.Api.Sql;

/// <summary>Columns that may be NULL.</summary>
internal static class ReaderExtensions
{
    public static T? GetNullable<T>(this NpgsqlDataReader reader, int ordinal)
        where T : struct => reader.IsDBNull(ordinal) ? null : reader.GetFieldValue<T>(ordinal);

    public static string? GetNullableString(this NpgsqlDataReader reader, int ordinal) =>
        reader.IsDBNull(ordinal) ? null : reader.GetString(ordinal);
}
