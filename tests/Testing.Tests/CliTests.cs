namespace MovieAspire.Testing.Tests;

public sealed class CliTests
{
    [Fact]
    public async Task Result_has_exit_code_and_output()
    {
        var result = await Cli.RunAsync("dotnet", "--version");

        Assert.Equal((0, ""), (result.EnsureSuccess("dotnet").ExitCode, result.Error));
        Assert.NotEmpty(result.Output);
    }

    [Fact]
    public async Task Failure_is_thrown_with_what_the_program_wrote()
    {
        var result = await Cli.RunAsync("dotnet", "no-such-command-of-dotnet");

        var failure = Assert.Throws<InvalidOperationException>(() => result.EnsureSuccess("dotnet"));
        Assert.Contains("no-such-command-of-dotnet", failure.Message, StringComparison.Ordinal);
    }
}
