using Microsoft.Extensions.Diagnostics.HealthChecks;
using MovieAspire.Api.Sql;
using MovieAspire.Data;
using MovieAspire.Data.Migrations;
using Npgsql;

namespace MovieAspire.Api.Health;

/// <summary>Healthy when the database has the schema that this build was made for: the worker brings it there, never the API.</summary>
internal sealed class MigrationHealthCheck(MovieDbContext db) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var applied = await AppliedAsync(cancellationToken);
        return applied == MigrationScript.LatestId
            ? HealthCheckResult.Healthy(applied)
            : new(context.Registration.FailureStatus, $"The database is at {applied ?? "no migration"}, this build needs {MigrationScript.LatestId}.");
    }

    // Asked of the table itself: going through the context's migrator would build the whole model at each start.
    private async Task<string?> AppliedAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await db.QueryFirstAsync(
                new SqlStatement($"""SELECT max("MigrationId") FROM "__EFMigrationsHistory" """),
                row => row.GetNullableString(0),
                cancellationToken);
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.UndefinedTable)
        {
            return null;
        }
    }
}
