using Microsoft.Extensions.Diagnostics.HealthChecks;
using MovieAspire.Api.Sql;
using MovieAspire.Data;
using MovieAspire.Data.Migrations;

namespace MovieAspire.Api.Health;

/// <summary>Healthy when the database has the schema that this build was made for: the worker brings it there, never the API.</summary>
internal sealed class MigrationHealthCheck(MovieDbContext db) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        // Asked of the table itself: going through the context's migrator would build the whole model at each start.
        var applied = await db.QueryFirstAsync(
            new SqlStatement($"""SELECT max("MigrationId") FROM "__EFMigrationsHistory" """),
            row => row.GetNullableString(0),
            cancellationToken);
        return applied == MigrationScript.LatestId
            ? HealthCheckResult.Healthy(applied)
            : new(context.Registration.FailureStatus, $"The database is at {applied ?? "no migration"}, this build needs {MigrationScript.LatestId}.");
    }
}
