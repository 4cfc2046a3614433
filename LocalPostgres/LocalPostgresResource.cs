using Aspire.Hosting.ApplicationModel;

namespace MovieAspire.LocalPostgres;

/// <summary>
/// A PostgreSQL server that runs as a process of this machine. A reference to it injects the same as one to a server in a container.
/// </summary>
public sealed class LocalPostgresResource : ExecutableResource, IResourceWithConnectionString
{
    internal const string EndpointName = "tcp";

    internal LocalPostgresResource(string name, string program, string folder, ParameterResource password)
        : base(name, program, folder)
    {
        PrimaryEndpoint = new EndpointReference(this, EndpointName);
        PasswordParameter = password;
    }

    /// <summary>Where the server listens.</summary>
    public EndpointReference PrimaryEndpoint { get; }

    /// <summary>The password of the superuser, <c>postgres</c>.</summary>
    public ParameterResource PasswordParameter { get; }

    /// <inheritdoc />
    public ReferenceExpression ConnectionStringExpression => ReferenceExpression.Create(
        $"Host={Host};Port={Port};Username={PostgresCluster.UserName};Password={PasswordParameter}");

    private EndpointReferenceExpression Host => PrimaryEndpoint.Property(EndpointProperty.Host);

    private EndpointReferenceExpression Port => PrimaryEndpoint.Property(EndpointProperty.Port);

    internal IEnumerable<KeyValuePair<string, ReferenceExpression>> ConnectionProperties(string? database)
    {
        var path = database is null ? "" : "/" + Uri.EscapeDataString(database);
        var login = ReferenceExpression.Create($"{PostgresCluster.UserName}:{PasswordParameter:uri}");
        yield return new("Host", ReferenceExpression.Create($"{Host}"));
        yield return new("Port", ReferenceExpression.Create($"{Port}"));
        yield return new("Username", ReferenceExpression.Create($"{PostgresCluster.UserName}"));
        yield return new("Password", ReferenceExpression.Create($"{PasswordParameter}"));
        yield return new("Uri", ReferenceExpression.Create($"postgresql://{login}@{Host}:{Port}{path}"));
        yield return new("JdbcConnectionString", ReferenceExpression.Create($"jdbc:postgresql://{Host}:{Port}{path}"));
        if (database is not null)
        {
            yield return new("DatabaseName", ReferenceExpression.Create($"{database}"));
        }
    }

    IEnumerable<KeyValuePair<string, ReferenceExpression>> IResourceWithConnectionString.GetConnectionProperties() =>
        ConnectionProperties(null);
}

/// <summary>A database of a <see cref="LocalPostgresResource"/>, created when the server is ready, unless it exists.</summary>
public sealed class LocalPostgresDatabaseResource : Resource, IResourceWithConnectionString, IResourceWithParent<LocalPostgresResource>
{
    internal LocalPostgresDatabaseResource(string name, LocalPostgresResource server)
        : base(name) => Parent = server;

    /// <inheritdoc />
    public LocalPostgresResource Parent { get; }

    /// <inheritdoc />
    public ReferenceExpression ConnectionStringExpression => ReferenceExpression.Create($"{Parent};Database={Name}");

    IEnumerable<KeyValuePair<string, ReferenceExpression>> IResourceWithConnectionString.GetConnectionProperties() =>
        Parent.ConnectionProperties(Name);
}
