using Aspire.Hosting.ApplicationModel;

namespace MovieAspire.Standalone.Hosting;

/// <summary>Gives each resource that runs the commands start, stop and restart.</summary>
internal static class LifecycleCommands
{
    public static void Add(DistributedApplicationModel model, Orchestrator orchestrator)
    {
        foreach (var resource in model.Resources.Where(r => r is ProjectResource or ContainerResource))
        {
            Add(resource, "start", "Start", "Play", runs => !runs, orchestrator.StartResourceAsync);
            Add(resource, "stop", "Stop", "Stop", runs => runs, orchestrator.StopResourceAsync);
            Add(resource, "restart", "Restart", "ArrowCounterclockwise", runs => runs, async name =>
            {
                await orchestrator.StopResourceAsync(name);
                await orchestrator.StartResourceAsync(name);
            });
        }
    }

    private static void Add(IResource resource, string name, string displayName, string icon, Func<bool, bool> enabled, Func<string, Task> execute)
    {
        var options = new CommandOptions
        {
            IconName = icon,
            UpdateState = context => enabled(Runs(context.ResourceSnapshot)) ? ResourceCommandState.Enabled : ResourceCommandState.Disabled,
        };
        resource.Annotations.Add(new ResourceCommandAnnotation(name, displayName, ExecuteAsync, options));

        async Task<ExecuteCommandResult> ExecuteAsync(ExecuteCommandContext context)
        {
            await execute(context.ResourceName);
            return CommandResults.Success();
        }
    }

    private static bool Runs(CustomResourceSnapshot snapshot) =>
        snapshot.State?.Text is { } state && state != KnownResourceStates.NotStarted && !KnownResourceStates.TerminalStates.Contains(state);
}
