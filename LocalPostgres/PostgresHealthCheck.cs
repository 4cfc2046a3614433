using System.Diagnostics;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Npgsql;

namespace MovieAspire.LocalPostgres;

/// <summary>
/// Healthy while the superuser can connect to the database. Waits for a server that is starting, because Aspire repeats the check only
/// after a second.
/// </summary>
internal sealed class PostgresHealthCheck(LocalPostgresResource server, string database) : IHealthCheck
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(15);

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var clock = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                await using var connection = await OpenAsync(server, database, cancellationToken);
                return HealthCheckResult.Healthy();
            }
            catch (Exception exception) when (exception is NpgsqlException or TimeoutException)
            {
                if (clock.Elapsed > Timeout || exception is PostgresException { SqlState: not PostgresErrorCodes.CannotConnectNow })
                {
                    return HealthCheckResult.Unhealthy(exception.Message, exception);
                }

                await Task.Delay(Interval, cancellationToken);
            }
        }
    }

    /// <summary>Opens a connection that is not pooled: an idle one would keep a restore from renaming the database.</summary>
    public static async Task<NpgsqlConnection> OpenAsync(
        LocalPostgresResource server, string database, CancellationToken cancellationToken)
    {
        var settings = new NpgsqlConnectionStringBuilder(await server.ConnectionStringExpression.GetValueAsync(cancellationToken))
        {
            Database = database,
            Pooling = false,
            Timeout = 5,
            ApplicationName = "AppHost",
        };
        var connection = new NpgsqlConnection(settings.ConnectionString);
        await connection.OpenAsync(cancellationToken);
        return connection;
    }
}
