using Aspire.Hosting.ApplicationModel;
using MovieAspire.Standalone.Hosting;

namespace Aspire.Hosting;

/// <summary>Adds parameters.</summary>
public static class ParameterResourceBuilderExtensions
{
    public static IResourceBuilder<ParameterResource> AddParameter(this IDistributedApplicationBuilder builder, string name, bool secret = false) =>
        builder.AddResource(new ParameterResource(name, fallback => ParameterValues.Resolve(builder, name, fallback, secret, persist: false), secret));

    public static IResourceBuilder<ParameterResource> AddParameter(
        this IDistributedApplicationBuilder builder, string name, string value, bool publishValueAsDefault = false, bool secret = false) =>
        builder.AddParameter(name, () => value, publishValueAsDefault, secret);

    public static IResourceBuilder<ParameterResource> AddParameter(
        this IDistributedApplicationBuilder builder, string name, Func<string> valueGetter, bool publishValueAsDefault = false, bool secret = false)
    {
        if (publishValueAsDefault && secret)
        {
            throw new ArgumentException("A secret cannot be published as a default.", nameof(secret));
        }

        var parameter = builder.AddResource(new ParameterResource(name, _ => builder.Configuration[$"Parameters:{name}"] ?? valueGetter(), secret));
        parameter.Resource.Default = publishValueAsDefault ? new ConstantParameterDefault(valueGetter) : null;
        return parameter;
    }

    public static IResourceBuilder<ParameterResource> AddParameter(
        this IDistributedApplicationBuilder builder, string name, ParameterDefault value, bool secret = false, bool persist = false)
    {
        var parameter = CreateGenerated(builder, name, value, secret, persist);
        return builder.AddResource(parameter);
    }

    /// <summary>A parameter whose generated value is kept between runs.</summary>
    internal static ParameterResource CreateGenerated(IDistributedApplicationBuilder builder, string name, ParameterDefault value, bool secret, bool persist) =>
        new(name, fallback => ParameterValues.Resolve(builder, name, fallback, secret, persist && builder.ExecutionContext.IsRunMode), secret) { Default = value };
}
