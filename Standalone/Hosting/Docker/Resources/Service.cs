using Aspire.Hosting.Docker.Resources.ServiceNodes;
using Aspire.Hosting.Docker.Resources.ServiceNodes.Swarm;
using YamlDotNet.Serialization;

namespace Aspire.Hosting.Docker.Resources.ComposeNodes;

/// <summary>A member of a compose file that is known by its key.</summary>
public abstract class NamedComposeMember
{
    [YamlIgnore]
    public required string Name { get; set; }
}

/// <summary>A service of a compose file. Members are written in the order in which they stand here.</summary>
public sealed class Service : NamedComposeMember
{
    public string? Image { get; set; }

    public string? PullPolicy { get; set; }

    public string? ContainerName { get; set; }

    [YamlMember(DefaultValuesHandling = DefaultValuesHandling.OmitEmptyCollections)]
    public List<string> Command { get; set; } = [];

    [YamlMember(DefaultValuesHandling = DefaultValuesHandling.OmitEmptyCollections)]
    public List<string> Entrypoint { get; set; } = [];

    [YamlMember(DefaultValuesHandling = DefaultValuesHandling.OmitEmptyCollections)]
    public Dictionary<string, string> Environment { get; set; } = [];

    [YamlMember(DefaultValuesHandling = DefaultValuesHandling.OmitEmptyCollections)]
    public List<string> EnvFile { get; set; } = [];

    public string? WorkingDir { get; set; }

    [YamlMember(DefaultValuesHandling = DefaultValuesHandling.OmitEmptyCollections)]
    public List<string> Ports { get; set; } = [];

    [YamlMember(DefaultValuesHandling = DefaultValuesHandling.OmitEmptyCollections)]
    public List<string> Expose { get; set; } = [];

    [YamlMember(DefaultValuesHandling = DefaultValuesHandling.OmitEmptyCollections)]
    public List<Volume> Volumes { get; set; } = [];

    [YamlMember(DefaultValuesHandling = DefaultValuesHandling.OmitEmptyCollections)]
    public Dictionary<string, ServiceDependency> DependsOn { get; set; } = [];

    public string? User { get; set; }

    [YamlMember(DefaultValuesHandling = DefaultValuesHandling.OmitEmptyCollections)]
    public List<string> Networks { get; set; } = [];

    public string? Restart { get; set; }

    public Deploy? Deploy { get; set; }

    public Healthcheck? Healthcheck { get; set; }

    public Logging? Logging { get; set; }

    [YamlMember(DefaultValuesHandling = DefaultValuesHandling.OmitEmptyCollections)]
    public Dictionary<string, string> Labels { get; set; } = [];

    public string? Hostname { get; set; }

    public string? ShmSize { get; set; }

    [YamlMember(DefaultValuesHandling = DefaultValuesHandling.OmitEmptyCollections)]
    public List<string> CapAdd { get; set; } = [];

    [YamlMember(DefaultValuesHandling = DefaultValuesHandling.OmitEmptyCollections)]
    public List<string> CapDrop { get; set; } = [];

    public bool? Init { get; set; }

    [YamlMember(DefaultValuesHandling = DefaultValuesHandling.OmitEmptyCollections)]
    public List<string> Profiles { get; set; } = [];

    public bool? ReadOnly { get; set; }

    [YamlMember(DefaultValuesHandling = DefaultValuesHandling.OmitEmptyCollections)]
    public List<string> SecurityOpt { get; set; } = [];

    public string? StopGracePeriod { get; set; }

    public string? StopSignal { get; set; }

    [YamlMember(DefaultValuesHandling = DefaultValuesHandling.OmitEmptyCollections)]
    public List<string> Tmpfs { get; set; } = [];

    public Service AddEnvironmentalVariable(string key, string? value)
    {
        Environment[key] = value ?? "";
        return this;
    }

    public Service AddVolume(Volume volume)
    {
        Volumes.Add(volume);
        return this;
    }

    public Service AddVolumes(IEnumerable<Volume> volumes)
    {
        Volumes.AddRange(volumes);
        return this;
    }
}

/// <summary>What a service waits for in another one.</summary>
public sealed class ServiceDependency
{
    public string? Condition { get; set; }
}

/// <summary>A network of a compose file.</summary>
public sealed class Network : NamedComposeMember
{
    public string? Driver { get; set; }

    public bool? External { get; set; }

    public bool? Internal { get; set; }

    public bool? Attachable { get; set; }
}
