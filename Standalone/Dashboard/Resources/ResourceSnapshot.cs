namespace MovieAspire.Standalone.Dashboard.Resources;

/// <summary>A resource of the AppHost as it is at a moment.</summary>
public sealed record ResourceSnapshot
{
    /// <summary>Its name, unique in the application.</summary>
    public required string Name { get; init; }

    /// <summary>The <c>service.name</c> of its telemetry, which its replicas share.</summary>
    public string Service { get => field ?? Name; init; }

    /// <summary>What it is: <c>Project</c>, <c>PostgresServer</c>, <c>Database</c>, <c>Parameter</c>.</summary>
    public required string Type { get; init; }

    /// <summary>The state in the host's word: <c>Running</c>, <c>Waiting</c>, <c>Finished</c>.</summary>
    public required string State { get; init; }

    /// <summary>What the state means.</summary>
    public required StateTone Tone { get; init; }

    /// <summary>The resource that it is a part of.</summary>
    public string? Parent { get; init; }

    /// <summary>Whether it writes to a console; a parameter or a database does not.</summary>
    public bool HasConsole { get; init; } = true;

    /// <summary>When it was started.</summary>
    public DateTime? StartedAt { get; init; }

    /// <summary>When it ended.</summary>
    public DateTime? StoppedAt { get; init; }

    /// <summary>The exit code of a process that ended.</summary>
    public int? ExitCode { get; init; }

    /// <summary>The health checks; none for a resource that has no check.</summary>
    public IReadOnlyList<HealthReport> Health { get; init; } = [];

    /// <summary>Where it answers.</summary>
    public IReadOnlyList<ResourceUrl> Urls { get; init; } = [];

    /// <summary>The environment that it was started with.</summary>
    public IReadOnlyList<ResourceValue> Environment { get; init; } = [];

    /// <summary>Further facts: the process id, the path of the project, the connection string.</summary>
    public IReadOnlyList<ResourceValue> Properties { get; init; } = [];

    /// <summary>For what it waits, or waited, before its start.</summary>
    public IReadOnlyList<ResourceWait> Waits { get; init; } = [];

    /// <summary>The names of the resources that it uses.</summary>
    public IReadOnlyList<string> References { get; init; } = [];

    /// <summary>What a person can have done to it.</summary>
    public IReadOnlyList<ResourceCommand> Commands { get; init; } = [];
}
