using System.Globalization;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;

namespace MovieAspire.Standalone.Hosting;

/// <summary>Evaluates the callbacks of a resource: to the values of the model, or to the strings that they have in this run.</summary>
internal static class ResourceCallbacks
{
    public static async Task<Dictionary<string, object>> RawEnvironmentAsync(
        IResource resource, DistributedApplicationExecutionContext execution, Dictionary<string, object> seed, CancellationToken cancellationToken)
    {
        var context = new EnvironmentCallbackContext(execution, resource, seed, cancellationToken);
        foreach (var annotation in resource.Annotations.OfType<EnvironmentCallbackAnnotation>())
        {
            await annotation.Callback(context);
        }

        return context.EnvironmentVariables;
    }

    public static async Task<IList<object>> RawArgumentsAsync(
        IResource resource, DistributedApplicationExecutionContext execution, CancellationToken cancellationToken)
    {
        var context = new CommandLineArgsCallbackContext([], resource, cancellationToken) { ExecutionContext = execution };
        foreach (var annotation in resource.Annotations.OfType<CommandLineArgsCallbackAnnotation>())
        {
            await annotation.Callback(context);
        }

        return context.Args;
    }

    public static async Task<Dictionary<string, string>> EnvironmentAsync(
        IResource resource, DistributedApplicationExecutionContext execution, Dictionary<string, object> seed, CancellationToken cancellationToken)
    {
        var environment = new Dictionary<string, string>();
        foreach (var (name, value) in await RawEnvironmentAsync(resource, execution, seed, cancellationToken))
        {
            if (await ResolveAsync(value, cancellationToken) is { } text)
            {
                environment[name] = text;
            }
        }

        return environment;
    }

    public static async Task<IReadOnlyList<string>> ArgumentsAsync(
        IResource resource, DistributedApplicationExecutionContext execution, CancellationToken cancellationToken)
    {
        var arguments = new List<string>();
        foreach (var value in await RawArgumentsAsync(resource, execution, cancellationToken))
        {
            if (await ResolveAsync(value, cancellationToken) is { } text)
            {
                arguments.Add(text);
            }
        }

        return arguments;
    }

    private static async ValueTask<string?> ResolveAsync(object value, CancellationToken cancellationToken) => value switch
    {
        string text => text,
        IValueProvider provider => await provider.GetValueAsync(cancellationToken),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture),
    };
}
