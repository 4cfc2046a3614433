namespace Aspire.Npgsql.EntityFrameworkCore.PostgreSQL;

/// <summary>
/// How <c>AddNpgsqlDbContext</c> sets up a context. Read from <c>Aspire:Npgsql:EntityFrameworkCore:PostgreSQL</c>, then from
/// the sections below it that are named after the connection and after the context type.
/// </summary>
public class NpgsqlEntityFrameworkCorePostgreSQLSettings
{
    /// <summary>Overridden by <c>ConnectionStrings:{connectionName}</c> where that is set.</summary>
    public string? ConnectionString { get; set; }

    /// <summary>Turns off the repetition of what failed for a passing reason.</summary>
    public bool DisableRetry { get; set; }

    /// <summary>Turns off the health check, which is named after the context type.</summary>
    public bool DisableHealthChecks { get; set; }

    /// <summary>Turns off Npgsql's traces.</summary>
    public bool DisableTracing { get; set; }

    /// <summary>Turns off Npgsql's and Entity Framework's metrics.</summary>
    public bool DisableMetrics { get; set; }

    /// <summary>Seconds that a command may take; Npgsql's default where it is not set.</summary>
    public int? CommandTimeout { get; set; }
}
