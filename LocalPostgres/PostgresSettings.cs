using Aspire.Hosting;
using Microsoft.Extensions.Configuration;

namespace MovieAspire.LocalPostgres;

/// <summary>How a server runs.</summary>
internal enum PostgresKind
{
    /// <summary>In a container, as Aspire runs it everywhere.</summary>
    Container,

    /// <summary>As a process of this machine.</summary>
    Process,
}

/// <summary>The settings of an AppHost that concern PostgreSQL: from arguments, the environment or its configuration.</summary>
public static class PostgresSettings
{
    /// <summary><c>container</c> or <c>process</c>; without it an engine that answers decides.</summary>
    public const string Kind = "Postgres";

    /// <summary>The folder to keep data in, or <c>temporary</c> for data that goes with the run.</summary>
    public const string Data = "PostgresData";

    /// <summary>The folder of the server's programs to use and no other; without it the newest of the machine's is found.</summary>
    public const string Binaries = "PostgresBinaries";

    /// <summary>The folder to keep a server in that npm brought, for all applications of the user unless it is set.</summary>
    public const string Cache = "PostgresCache";

    /// <summary>
    /// Whether data goes with the run: where that is asked for, in tests and with <c>aspire run --isolated</c>, which share nothing with
    /// the developer.
    /// </summary>
    public static bool IsTemporary(IConfiguration configuration) =>
        string.Equals(configuration[Data], "temporary", StringComparison.OrdinalIgnoreCase)
        || (string.IsNullOrEmpty(configuration[Data]) && configuration.GetValue("DcpPublisher:RandomizePorts", false));

    /// <exception cref="DistributedApplicationException">The setting means nothing.</exception>
    internal static PostgresKind? ForcedKind(IConfiguration configuration) => configuration[Kind] switch
    {
        null or "" => null,
        var value when Enum.TryParse<PostgresKind>(value, ignoreCase: true, out var kind) && Enum.IsDefined(kind) => kind,
        var value => throw new DistributedApplicationException($"The setting {Kind} is '{value}'; it can be 'container' or 'process'."),
    };
}
