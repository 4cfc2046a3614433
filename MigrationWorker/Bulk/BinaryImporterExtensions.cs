using Npgsql;
using NpgsqlTypes;

namespace MovieAspire.MigrationWorker.Bulk;

internal static class BinaryImporterExtensions
{
    /// <summary>Writes a value or NULL.</summary>
    public static void WriteOrNull<T>(this NpgsqlBinaryImporter rows, T? value, NpgsqlDbType type)
    {
        if (value is null)
        {
            rows.WriteNull();
        }
        else
        {
            rows.Write(value, type);
        }
    }
}
