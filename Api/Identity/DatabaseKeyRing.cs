using System.Data;
using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Microsoft.EntityFrameworkCore;
using MovieAspire.Api.Database;
using MovieAspire.Data;
using Npgsql;

namespace MovieAspire.Api.Identity;

/// <summary>
/// Stores ASP.NET Core's data protection keys in the database, so that a token is valid on every replica and after a restart.
/// </summary>
internal sealed class DatabaseKeyRing(IServiceScopeFactory scopes) : IXmlRepository
{
    private long _lastSeen;

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
                _lastSeen = reader.GetInt64(0);
                elements.Add(XElement.Parse(reader.GetString(1)));
            }

            return elements;
        }
    }

    /// <summary>
    /// Stores a key unless another replica has stored one since this one looked. Two replicas that find the ring empty, or its key
    /// about to expire, would otherwise each sign with a key that the other does not know yet; the framework reads the ring again
    /// after storing, and so takes the other's.
    /// </summary>
    public void StoreElement(XElement element, string friendlyName) => OnConnection(connection =>
    {
        using var transaction = connection.BeginTransaction();
        using var lockRing = new SqlBuilder($"LOCK TABLE data_protection_keys IN SHARE ROW EXCLUSIVE MODE").ToCommand(connection);
        lockRing.ExecuteNonQuery();
        using var insert = new SqlBuilder(
            $"""
            INSERT INTO data_protection_keys (friendly_name, xml)
            SELECT {friendlyName}, {element.ToString(SaveOptions.DisableFormatting)}
            WHERE {element.Name != "key"} OR NOT EXISTS (SELECT FROM data_protection_keys WHERE id > {_lastSeen} AND xml LIKE '<key %')
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

/// <summary>Registers <see cref="DatabaseKeyRing"/>.</summary>
internal static class KeyRingExtensions
{
    public static void AddSharedKeyRing(this IServiceCollection services)
    {
        // The name is part of each key's purpose; by default it is the folder, which replicas need not share.
        services.AddDataProtection().SetApplicationName(nameof(MovieAspire));
        services.AddSingleton<DatabaseKeyRing>();
        services.AddOptions<KeyManagementOptions>().Configure<DatabaseKeyRing>((options, ring) => options.XmlRepository = ring);

        // Would read the keys before the server listens, and hold up the start for as long as the database does not answer.
        // They are read when the first token is.
        services.Remove(services.Single(service => service.ImplementationType?.Name == "DataProtectionHostedService"));
    }
}
