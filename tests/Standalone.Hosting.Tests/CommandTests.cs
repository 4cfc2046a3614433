using Aspire.Hosting.ApplicationModel;

namespace MovieAspire.Standalone.Hosting.Tests;

public sealed class CommandTests
{
    [Fact]
    public async Task Commands_call_endpoints_and_report_what_went_wrong()
    {
        await using var app = await TestedAppHost.StartAsync("commands");
        await app.ResourceNotifications.WaitForResourceHealthyAsync("api", TestedAppHost.Limit);

        Assert.True((await app.ResourceCommands.ExecuteCommandAsync("api", "call")).Success);
        var refused = await app.ResourceCommands.ExecuteCommandAsync("api", "refused");
        Assert.Contains("418", refused.Message, StringComparison.Ordinal);
        var thrown = await app.ResourceCommands.ExecuteCommandAsync("api", "throw");
        Assert.Equal((false, "it broke"), (thrown.Success, thrown.Message));
        Assert.Contains("no command 'fly'", (await app.ResourceCommands.ExecuteCommandAsync("api", "fly")).Message, StringComparison.Ordinal);
        Assert.Contains("no resource 'nobody'", (await app.ResourceCommands.ExecuteCommandAsync("nobody", "call")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Http_commands_are_enabled_while_the_resource_runs()
    {
        await using var app = await TestedAppHost.StartAsync("commands");
        var running = await app.ResourceNotifications.WaitForResourceHealthyAsync("api", TestedAppHost.Limit);
        var command = running.Resource.Annotations.OfType<ResourceCommandAnnotation>().Single(c => c.Name == "call");

        Assert.Equal(ResourceCommandState.Enabled, command.State(running.Snapshot, app.Services));
        Assert.Equal(ResourceCommandState.Disabled, command.State(running.Snapshot with { State = KnownResourceStates.Finished }, app.Services));
    }
}
