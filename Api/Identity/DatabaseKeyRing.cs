using System.Data;
using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Microsoft.EntityFrameworkCore;
using MovieAspire.Api.Database;
using MovieAspire.Data;
using Npgsql;

namespace MovieAspire.Api.Identity;

/// <summary>
/// Stores ASP.NET Core's data protection keys in the database, so that a token is valid on every replica and after a restart.
/// </summary>
/// <remarks>
/// Not Microsoft.AspNetCore.DataProtection.EntityFrameworkCore: it inserts without a lock, so two replicas that start on an empty table
/// would each make a key and refuse the other's tokens until they read the ring again, a day later.
/// </remarks>
internal sealed class DatabaseKeyRing(IServiceScopeFactory scopes) : IXmlRepository
{
    private long _lastReadId;

    public IReadOnlyCollection<XElement> GetAllElements()
    {
        return OnConnection(Read);

        List<XElement> Read(NpgsqlConnection connection)
        {
            using var command = new SqlBuilder($"SELECT id, xml FROM data_protection_keys ORDER BY id").ToCommand(connection);
            using var reader = command.ExecuteReader();
            List<XElement> elements = [];
            while (reader.Read())
            {
                _lastReadId = reader.GetInt64(0);
                elements.Add(XElement.Parse(reader.GetString(1)));
            }

            return elements;
        }
    }

    /// <summary>
    /// Stores a key unless another replica has stored one since this one read the table. Otherwise two replicas that find no key, or one
    /// that is about to expire, would each sign with a key that the other does not know. The framework reads the table again after
    /// storing, and so uses the other replica's key.
    /// </summary>
    public void StoreElement(XElement element, string friendlyName) => OnConnection(connection =>
    {
        using var transaction = connection.BeginTransaction();
        using var lockTable = new SqlBuilder($"LOCK TABLE data_protection_keys IN SHARE ROW EXCLUSIVE MODE").ToCommand(connection);
        lockTable.ExecuteNonQuery();
        using var insert = new SqlBuilder(
            $"""
            INSERT INTO data_protection_keys (friendly_name, xml)
            SELECT {friendlyName}, {element.ToString(SaveOptions.DisableFormatting)}
            WHERE {element.Name != "key"}
               OR NOT EXISTS (SELECT FROM data_protection_keys WHERE id > {_lastReadId} AND xml LIKE '<key %')
            """).ToCommand(connection);
        insert.ExecuteNonQuery();
        transaction.Commit();
        return true;
    });

    private T OnConnection<T>(Func<NpgsqlConnection, T> run)
    {
        using var scope = scopes.CreateScope();
        var connection = (NpgsqlConnection)scope.ServiceProvider.GetRequiredService<MovieDbContext>().Database.GetDbConnection();
        if (connection.State != ConnectionState.Open)
        {
            connection.Open();
        }

        return run(connection);
    }
}
