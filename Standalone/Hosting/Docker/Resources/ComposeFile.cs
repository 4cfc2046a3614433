using Aspire.Hosting.Docker.Resources.ComposeNodes;
using Aspire.Hosting.Docker.Resources.ServiceNodes;
using MovieAspire.Standalone.Hosting;
using YamlDotNet.Serialization;
using YamlDotNet.Serialization.NamingConventions;

namespace Aspire.Hosting.Docker.Resources;

/// <summary>A compose file, https://github.com/compose-spec/compose-spec.</summary>
public sealed class ComposeFile
{
    [YamlMember(Alias = "name")]
    public string? Name { get; set; }

    [YamlMember(Alias = "services", DefaultValuesHandling = DefaultValuesHandling.OmitEmptyCollections)]
    public Dictionary<string, Service> Services { get; set; } = [];

    [YamlMember(Alias = "networks", DefaultValuesHandling = DefaultValuesHandling.OmitEmptyCollections)]
    public Dictionary<string, Network> Networks { get; set; } = [];

    [YamlMember(Alias = "volumes", DefaultValuesHandling = DefaultValuesHandling.OmitEmptyCollections)]
    public Dictionary<string, Volume> Volumes { get; set; } = [];

    public ComposeFile AddService(Service service)
    {
        Services[service.Name] = service;
        return this;
    }

    public ComposeFile AddNetwork(Network network)
    {
        Networks[network.Name] = network;
        return this;
    }

    public ComposeFile AddVolume(Volume volume)
    {
        Volumes[volume.Name] = volume;
        return this;
    }

    public string ToYaml(string lineEndings = "\n") => new SerializerBuilder()
        .WithNamingConvention(UnderscoredNamingConvention.Instance)
        .ConfigureDefaultValuesHandling(DefaultValuesHandling.OmitNull)
        .WithEventEmitter(next => new QuotedValuesEmitter(next))
        .WithNewLine(lineEndings)
        .WithIndentedSequences()
        .Build()
        .Serialize(this);
}
