using System.Text.Json;
using MovieAspire.Api.Database;
using MovieAspire.Data;

namespace MovieAspire.Api.Http;

/// <summary>A request that came with a key, and its answer where there is one by now.</summary>
internal sealed record StoredRequest(byte[] Hash, StoredResponse? Answer);

/// <summary>An answer as it went out.</summary>
internal sealed record StoredResponse(int Status, Dictionary<string, string> Headers, byte[] Body);

/// <summary>Keys and answers in the database, so that a repeated request may reach another replica.</summary>
internal sealed class IdempotencyStore(MovieDbContext db)
{
    /// <summary>
    /// Takes the key for this request, and tells its row's id; null when somebody has it. Drops, on the way, keys that are a day old and a claim on
    /// this one whose request must have died.
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

    /// <summary>Keeps the answer. Not cancelled with the request: whoever hung up will ask again.</summary>
    public Task KeepAsync(long id, StoredResponse answer) =>
        db.ExecuteAsync(
            new SqlBuilder(
                $"""
                UPDATE idempotency_keys
                SET status_code = {answer.Status}, response_headers = {JsonSerializer.Serialize(answer.Headers)}::jsonb, response_body = {answer.Body}
                WHERE id = {id}
                """),
            CancellationToken.None);

    /// <summary>Gives the key back, so that the request may be tried again.</summary>
    public Task ReleaseAsync(long id) =>
        db.ExecuteAsync(new SqlBuilder($"DELETE FROM idempotency_keys WHERE id = {id}"), CancellationToken.None);
}
