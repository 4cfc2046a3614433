using System.Security.Claims;
using MovieAspire.Api.Admin;
using MovieAspire.Api.Identity;
using MovieAspire.Data;
using MovieAspire.Data.Entities;
using MovieAspire.Data.Identity;

namespace MovieAspire.Api.Movies;

/// <summary>Where an import writes its batches.</summary>
internal interface IImportTarget
{
    /// <summary>Writes all of the movies or none.</summary>
    /// <param name="movies">Movies with distinct titles and release dates.</param>
    /// <param name="before">The counts of the import so far.</param>
    /// <param name="cancellationToken">Cancels the batch.</param>
    /// <returns>The counts including this batch.</returns>
    /// <exception cref="Npgsql.PostgresException">A movie has another one's id (<see cref="MovieConflict"/>).</exception>
    Task<ImportCounts> WriteAsync(IReadOnlyCollection<MovieRequest> movies, ImportCounts before, CancellationToken cancellationToken);

    /// <summary>Records the counts of an import that writes no movie.</summary>
    Task RecordAsync(ImportCounts counts, CancellationToken cancellationToken);
}

/// <summary>
/// Writes to the catalog. The whole import is one audit entry, whose counts are updated in each transaction, so that it is right even for
/// an import that broke off.
/// </summary>
internal sealed class ImportIntoCatalog(MovieDbContext db, AuditTrail audit, ClaimsPrincipal user) : IImportTarget
{
    /// <summary>The action in the audit trail.</summary>
    public const string Act = "movies.imported";

    private long? _auditEntry;

    /// <exception cref="ImportForbiddenException">The user is no longer an admin.</exception>
    public async Task<ImportCounts> WriteAsync(
        IReadOnlyCollection<MovieRequest> movies, ImportCounts before, CancellationToken cancellationToken)
    {
        (var counts, _auditEntry) = await db.WriteMoviesAsync(
            async token =>
            {
                await RequireAdminAsync(token);
                var counts = before + await MovieTables.Catalog.UpsertAsync(db, movies, token);
                return (counts, await WriteEntryAsync(counts, token));
            },
            cancellationToken);
        return counts;
    }

    public async Task RecordAsync(ImportCounts counts, CancellationToken cancellationToken) =>
        _auditEntry = await WriteEntryAsync(counts, cancellationToken);

    /// <summary>Check again: an import can take hours, and the request was authorized at its start only.</summary>
    private async Task RequireAdminAsync(CancellationToken cancellationToken)
    {
        var current = await CurrentUserMiddleware.VerifyAsync(user, db, cancellationToken);
        if (!current.IsInRole(Roles.Admin))
        {
            throw new ImportForbiddenException(isSignedIn: current.Identity?.IsAuthenticated == true);
        }
    }

    private async Task<long> WriteEntryAsync(ImportCounts counts, CancellationToken cancellationToken)
    {
        if (_auditEntry is not { } entry)
        {
            return await audit.RecordAsync(Act, "movie", AuditEntry.NoSubject, null, counts, cancellationToken);
        }

        await audit.UpdateAsync(entry, counts, cancellationToken);
        return entry;
    }
}

/// <summary>The user may no longer import: the role was removed or the session has ended.</summary>
internal sealed class ImportForbiddenException(bool isSignedIn) : Exception
{
    public int Status => isSignedIn ? StatusCodes.Status403Forbidden : StatusCodes.Status401Unauthorized;
}
