using Microsoft.EntityFrameworkCore.Storage;
using Npgsql.EntityFrameworkCore.PostgreSQL;

namespace MovieAspire.ServiceDefaults;

/// <summary>
/// Retries after transient failures, such as deadlocks and broken connections: queries that have not returned a row yet, and delegates that
/// run through the strategy. A transaction must be such a delegate.
/// </summary>
internal sealed class RetryingStrategy(ExecutionStrategyDependencies dependencies)
    : NpgsqlRetryingExecutionStrategy(dependencies, Retries, LongestDelay, errorCodesToAdd: null)
{
    // The first retry is immediate, for deadlocks and broken connections; the others wait for a server that restarts.
    private const int Retries = 3;
    private static readonly TimeSpan LongestDelay = TimeSpan.FromSeconds(1);

    /// <summary>True would make EF Core buffer all rows of a query before it returns the first.</summary>
    public override bool RetriesOnFailure => false;
}
