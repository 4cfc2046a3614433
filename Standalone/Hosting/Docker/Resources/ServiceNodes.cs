using Aspire.Hosting.Docker.Resources.ComposeNodes;
using YamlDotNet.Serialization;

namespace Aspire.Hosting.Docker.Resources.ServiceNodes;

/// <summary>A volume, or its mount in a service.</summary>
public sealed class Volume : NamedComposeMember
{
    public string? Type { get; set; }

    public string? Target { get; set; }

    public string? Source { get; set; }

    public string? Driver { get; set; }

    public bool? External { get; set; }

    [YamlMember(DefaultValuesHandling = DefaultValuesHandling.OmitEmptyCollections)]
    public Dictionary<string, string> DriverOpts { get; set; } = [];

    [YamlMember(DefaultValuesHandling = DefaultValuesHandling.OmitEmptyCollections)]
    public Dictionary<string, string> Labels { get; set; } = [];

    public bool? ReadOnly { get; set; }
}

/// <summary>How an engine finds out whether a service is healthy. Times are durations such as "10s".</summary>
public sealed class Healthcheck
{
    [YamlMember(DefaultValuesHandling = DefaultValuesHandling.OmitEmptyCollections)]
    public List<string> Test { get; set; } = [];

    public required string Interval { get; set; }

    public required string Timeout { get; set; }

    public int? Retries { get; set; }

    public required string StartPeriod { get; set; }
}

/// <summary>Where an engine keeps the output of a service.</summary>
public sealed class Logging
{
    public string? Driver { get; set; }

    [YamlMember(DefaultValuesHandling = DefaultValuesHandling.OmitEmptyCollections)]
    public Dictionary<string, string> Options { get; set; } = [];
}
