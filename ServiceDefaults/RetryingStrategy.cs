using Microsoft.EntityFrameworkCore.Storage;
using Npgsql.EntityFrameworkCore.PostgreSQL;

namespace MovieAspire.ServiceDefaults;

/// <summary>
/// Repeats what fails for a reason that passes, such as a deadlock or a cut connection: a query that has not given a row yet, and whatever
/// is run through the strategy as a whole. A transaction must be.
/// </summary>
internal sealed class RetryingStrategy(ExecutionStrategyDependencies dependencies)
    : NpgsqlRetryingExecutionStrategy(dependencies, Retries, LongestDelay, errorCodesToAdd: null)
{
    // The first comes at once, for deadlocks and cut connections; the others wait for a server that restarts.
    private const int Retries = 3;
    private static readonly TimeSpan LongestDelay = TimeSpan.FromSeconds(1);

    /// <summary>With true, EF Core reads all rows of a query before it gives the first, so that it can still repeat it.</summary>
    public override bool RetriesOnFailure => false;
}
