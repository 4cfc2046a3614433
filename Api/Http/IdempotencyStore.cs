using System.Text.Json;
using MovieAspire.Api.Database;
using MovieAspire.Data;

namespace MovieAspire.Api.Http;

/// <summary>A request with a key, and its response once there is one.</summary>
internal sealed record StoredRequest(byte[] Hash, StoredResponse? Response);

/// <summary>A response as it was sent.</summary>
internal sealed record StoredResponse(int Status, Dictionary<string, string> Headers, byte[] Body);

/// <summary>Keys and responses in the database, so that a repeated request can reach another replica.</summary>
internal sealed class IdempotencyStore(MovieDbContext db)
{
    /// <summary>
    /// Claims the key for a request and returns the row's id, or null when it is taken. Also deletes keys that are a day old, and a claim
    /// on this key whose request never finished.
    /// </summary>
    public async Task<long?> ClaimAsync(long userId, string key, byte[] hash, CancellationToken cancellationToken)
    {
        await db.ExecuteAsync(
            new SqlBuilder(
                $"""
                DELETE FROM idempotency_keys
                WHERE created_at < now() - interval '1 day'
                   OR (user_id = {userId} AND key = {key} AND status_code IS NULL AND created_at < now() - interval '10 minutes')
                """),
            cancellationToken);
        return await db.QueryFirstAsync(
            new SqlBuilder(
                $"""
                INSERT INTO idempotency_keys (user_id, key, request_hash) VALUES ({userId}, {key}, {hash})
                ON CONFLICT (user_id, key) DO NOTHING RETURNING id
                """),
            row => (long?)row.GetInt64(0),
            cancellationToken);
    }

    public Task<StoredRequest?> FindAsync(long userId, string key, CancellationToken cancellationToken) =>
        db.QueryFirstAsync(
            new SqlBuilder(
                $"""
                SELECT request_hash, status_code, response_headers, response_body
                FROM idempotency_keys WHERE user_id = {userId} AND key = {key}
                """),
            row => new StoredRequest(
                row.GetFieldValue<byte[]>(0),
                row.IsDBNull(1)
                    ? null
                    : new(
                        row.GetInt32(1),
                        JsonSerializer.Deserialize<Dictionary<string, string>>(row.GetString(2))!,
                        row.GetFieldValue<byte[]>(3))),
            cancellationToken);

    /// <summary>Stores the response. Not cancelled with the request: a client that disconnected will retry.</summary>
    public Task StoreAsync(long id, StoredResponse response) =>
        db.ExecuteAsync(
            new SqlBuilder(
                $"""
                UPDATE idempotency_keys
                SET status_code = {response.Status},
                    response_headers = {JsonSerializer.Serialize(response.Headers)}::jsonb,
                    response_body = {response.Body}
                WHERE id = {id}
                """),
            CancellationToken.None);

    /// <summary>Releases the key, so that the request can be retried.</summary>
    public Task ReleaseAsync(long id) =>
        db.ExecuteAsync(new SqlBuilder($"DELETE FROM idempotency_keys WHERE id = {id}"), CancellationToken.None);
}
