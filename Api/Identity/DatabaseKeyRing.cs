using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Microsoft.EntityFrameworkCore;
using MovieAspire.Data;

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

    public IReadOnlyCollection<XElement> GetAllElements() => WithContext(db =>
    {
        var keys = db.DataProtectionKeys.OrderBy(key => key.Id).Select(key => new { key.Id, key.Xml }).ToList();
        _lastReadId = keys.LastOrDefault()?.Id ?? _lastReadId;
        return keys.ConvertAll(key => XElement.Parse(key.Xml));
    });

    /// <summary>
    /// Stores a key unless another replica has stored one since this one read the table. Otherwise two replicas that find no valid key
    /// would each sign with a key that the other does not know. The framework reads the table again after storing, and so uses the other
    /// replica's key. SQL: LINQ has no table locks.
    /// </summary>
    public void StoreElement(XElement element, string friendlyName) => WithContext(db => db.Database.CreateExecutionStrategy().Execute(() =>
    {
        using var transaction = db.Database.BeginTransaction();
        db.Database.ExecuteSql($"LOCK TABLE data_protection_keys IN SHARE ROW EXCLUSIVE MODE");
        db.Database.ExecuteSql(
            $"""
            INSERT INTO data_protection_keys (friendly_name, xml)
            SELECT {friendlyName}, {element.ToString(SaveOptions.DisableFormatting)}
            WHERE {element.Name != "key"} OR NOT EXISTS (SELECT FROM data_protection_keys WHERE id > {_lastReadId} AND xml LIKE '<key %')
            """);
        transaction.Commit();
        return true;
    }));

    private T WithContext<T>(Func<MovieDbContext, T> run)
    {
        using var scope = scopes.CreateScope();
        return run(scope.ServiceProvider.GetRequiredService<MovieDbContext>());
    }
}
