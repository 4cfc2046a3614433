namespace Aspire.Hosting.Docker.Resources.ServiceNodes.Swarm;

/// <summary>How a service is deployed.</summary>
public sealed class Deploy
{
    public int? Replicas { get; set; }

    public string? Mode { get; set; }

    public Resources? Resources { get; set; }

    public RestartPolicy? RestartPolicy { get; set; }
}

/// <summary>What a service may use at most, and what it is sure to get.</summary>
public sealed class Resources
{
    public ResourceSpec? Limits { get; set; }

    public ResourceSpec? Reservations { get; set; }
}

/// <summary>An amount of processors ("0.5") and memory ("512M").</summary>
public sealed class ResourceSpec
{
    public string? Cpus { get; set; }

    public string? Memory { get; set; }
}

/// <summary>When a service is started again.</summary>
public sealed class RestartPolicy
{
    public string? Condition { get; set; }

    public string? Delay { get; set; }

    public int? MaxAttempts { get; set; }

    public string? Window { get; set; }
}
