using System.Text.Json;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using MovieAspire.Api.Http;
using MovieAspire.Api.Identity;
using MovieAspire.Data;
using MovieAspire.Data.Entities;

namespace MovieAspire.Api.Admin;

/// <summary>Records the actions of admins and moderators, in the same transaction as the action.</summary>
internal sealed class AuditTrail(MovieDbContext db, IHttpContextAccessor http, IOptions<JsonOptions> json)
{
    /// <summary>Adds an entry. Call it inside the transaction of the action, so that both are committed or neither is.</summary>
    /// <param name="action">What was done, such as <c>role.added</c>.</param>
    /// <param name="subjectType">What it was done to: <c>user</c>, <c>movie</c>, <c>genre</c> or <c>review</c>.</param>
    /// <param name="subjectId">Id of what it was done to; <see cref="AuditEntry.NoSubject"/> if the action has no single subject.</param>
    /// <param name="before">The values before, without personal data and secrets; null where there were none.</param>
    /// <param name="after">The values after, likewise.</param>
    /// <param name="cancellationToken">Cancels the insert.</param>
    /// <returns>The entry's id.</returns>
    public async Task<long> RecordAsync(
        string action, string subjectType, long subjectId, object? before, object? after, CancellationToken cancellationToken)
    {
        var context = http.HttpContext ?? throw new InvalidOperationException("Only requests are audited.");
        var entry = new AuditEntry
        {
            ActorId = context.User.TryGetUserId(),
            Action = action,
            SubjectType = subjectType,
            SubjectId = subjectId,
            Before = Serialize(before),
            After = Serialize(after),
            Address = context.GetClientAddress(),
        };
        db.AuditEntries.Add(entry);
        try
        {
            await db.SaveChangesAsync(cancellationToken);
            return entry.Id;
        }
        finally
        {
            // Detach it after a failure, too: a retried transaction would insert the entry twice.
            db.ChangeTracker.Clear();
        }
    }

    /// <summary>Updates the values after the action. For an action that spans several transactions, such as an import.</summary>
    public Task UpdateAsync(long id, object after, CancellationToken cancellationToken)
    {
        var values = Serialize(after);
        return db.AuditEntries.Where(entry => entry.Id == id)
            .ExecuteUpdateAsync(set => set.SetProperty(entry => entry.After, values), cancellationToken);
    }

    /// <summary>Adds an entry with the values that differ, or no entry if none do.</summary>
    /// <param name="action">What was done, such as <c>movie.updated</c>.</param>
    /// <param name="subjectType">What it was done to, as for <see cref="RecordAsync"/>.</param>
    /// <param name="subjectId">Id of what it was done to.</param>
    /// <param name="before">All values before.</param>
    /// <param name="after">All values after, of the same properties.</param>
    /// <param name="cancellationToken">Cancels the insert.</param>
    public async Task RecordChangeAsync<T>(
        string action, string subjectType, long subjectId, T before, T after, CancellationToken cancellationToken)
        where T : class
    {
        var (old, current) = JsonDifference.Find(before, after, json.Value.SerializerOptions);
        if (old.Count > 0)
        {
            await RecordAsync(action, subjectType, subjectId, old, current, cancellationToken);
        }
    }

    private string? Serialize(object? values) => values is null ? null : JsonSerializer.Serialize(values, json.Value.SerializerOptions);
}
