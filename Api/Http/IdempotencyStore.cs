using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using MovieAspire.Data;

namespace MovieAspire.Api.Http;

/// <summary>A request with a key, and its response if it has ended.</summary>
internal sealed record StoredRequest(byte[] Hash, StoredResponse? Response);

/// <summary>A response as it was sent.</summary>
internal sealed record StoredResponse(int Status, Dictionary<string, string> Headers, byte[] Body);

/// <summary>Keys and responses in the database, so that a repeated request can reach another replica.</summary>
internal sealed class IdempotencyStore(MovieDbContext db)
{
    /// <summary>A claim that has not been renewed for this long is dead: its replica crashed.</summary>
    private static readonly TimeSpan ClaimLifetime = TimeSpan.FromMinutes(1);

    /// <summary>
    /// Claims the key for a request and returns the row's id, or null if it is taken. Also deletes keys that are a day old, and a dead
    /// claim on this key. One statement: SQL, because LINQ has no ON CONFLICT.
    /// </summary>
    public async Task<long?> ClaimAsync(long userId, string key, byte[] hash, CancellationToken cancellationToken)
    {
        await db.IdempotencyKeys
            .Where(stored => stored.CreatedAt < DateTimeOffset.UtcNow.AddDays(-1)
                || (stored.UserId == userId && stored.Key == key && stored.StatusCode == null
                    && stored.CreatedAt < DateTimeOffset.UtcNow - ClaimLifetime))
            .ExecuteDeleteAsync(cancellationToken);
        var ids = await db.Database.SqlQuery<long>(
            $"""
            INSERT INTO idempotency_keys (user_id, key, request_hash) VALUES ({userId}, {key}, {hash})
            ON CONFLICT (user_id, key) DO NOTHING RETURNING id AS "Value"
            """).ToListAsync(cancellationToken);
        return ids is [var id] ? id : null;
    }

    public async Task<StoredRequest?> FindAsync(long userId, string key, CancellationToken cancellationToken)
    {
        var stored = await db.IdempotencyKeys.AsNoTracking()
            .FirstOrDefaultAsync(row => row.UserId == userId && row.Key == key, cancellationToken);
        return stored is null
            ? null
            : new(
                stored.RequestHash,
                stored.StatusCode is { } status
                    ? new(status, JsonSerializer.Deserialize<Dictionary<string, string>>(stored.ResponseHeaders!)!, stored.ResponseBody!)
                    : null);
    }

    /// <summary>Renews the claim of a running request.</summary>
    public Task RenewAsync(long id, CancellationToken cancellationToken) =>
        db.IdempotencyKeys.Where(stored => stored.Id == id)
            .ExecuteUpdateAsync(stored => stored.SetProperty(s => s.CreatedAt, DateTimeOffset.UtcNow), cancellationToken);

    /// <summary>Stores the response. Not cancelled with the request: a client that disconnected will retry.</summary>
    public Task StoreAsync(long id, StoredResponse response)
    {
        var headers = JsonSerializer.Serialize(response.Headers);
        return db.IdempotencyKeys.Where(stored => stored.Id == id).ExecuteUpdateAsync(
            stored => stored
                .SetProperty(s => s.StatusCode, response.Status)
                .SetProperty(s => s.ResponseHeaders, headers)
                .SetProperty(s => s.ResponseBody, response.Body),
            CancellationToken.None);
    }

    /// <summary>Releases the key, so that the request can be retried.</summary>
    public Task ReleaseAsync(long id) =>
        db.IdempotencyKeys.Where(stored => stored.Id == id).ExecuteDeleteAsync(CancellationToken.None);
}
