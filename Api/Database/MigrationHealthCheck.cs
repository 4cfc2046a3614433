using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using MovieAspire.Data;
using MovieAspire.Data.Migrations;
using Npgsql;

namespace MovieAspire.Api.Database;

/// <summary>Healthy at the migration of this build, degraded at a newer one. The worker migrates, never the API.</summary>
internal sealed class MigrationHealthCheck(MovieDbContext db) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var applied = await AppliedAsync(cancellationToken);
        return string.CompareOrdinal(applied, MigrationScript.LatestId) switch
        {
            0 => HealthCheckResult.Healthy(applied),
            // Degraded still serves: during a deployment and after a rollback, the previous release runs on the newer schema.
            > 0 => HealthCheckResult.Degraded($"The database is at {applied}, ahead of this build's {MigrationScript.LatestId}."),
            _ => new(
                context.Registration.FailureStatus,
                $"The database is at {applied ?? "no migration"}, this build needs {MigrationScript.LatestId}."),
        };
    }

    // Reads the table directly: EF Core's migrator would build the design-time model at each start.
    private async Task<string?> AppliedAsync(CancellationToken cancellationToken)
    {
        try
        {
            var ids = await db.Database
                .SqlQuery<string?>($"""SELECT max("MigrationId") AS "Value" FROM "__EFMigrationsHistory" """)
                .ToListAsync(cancellationToken);
            return ids[0];
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.UndefinedTable)
        {
            return null;
        }
    }
}
