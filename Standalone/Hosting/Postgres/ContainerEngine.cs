namespace MovieAspire.Standalone.Hosting;

/// <summary>A container engine that answers, through its command line.</summary>
internal sealed class ContainerEngine(string fileName)
{
    private static readonly string[] Usual = ["docker", "podman"];

    // What a fall-back to a process may cost.
    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(1);

    public string Name => Path.GetFileNameWithoutExtension(fileName);

    /// <param name="chosen">The program to use, from Aspire's variable <c>ASPIRE_CONTAINER_RUNTIME</c>.</param>
    /// <param name="cancellationToken">Ends the search.</param>
    public static async Task<ContainerEngine?> FindAsync(string? chosen, CancellationToken cancellationToken)
    {
        var found = await Task.WhenAll((string.IsNullOrEmpty(chosen) ? Usual : [chosen])
            .Select(Executables.Find).OfType<string>()
            .Select(async file => (File: file, Answer: await Tool.RunAsync(
                new Command(file, ["version", "--format", "{{.Server.Version}}"]), AnswerLimit, cancellationToken))));
        return found.Where(f => f.Answer is { Succeeded: true }).Select(f => new ContainerEngine(f.File)).FirstOrDefault();
    }

    public async Task<bool> HasImageAsync(string image, CancellationToken cancellationToken) =>
        await RunAsync(["image", "inspect", "--format", "{{.Id}}", image], TimeSpan.FromSeconds(5), cancellationToken) is { Succeeded: true };

    /// <returns>What went wrong, or null.</returns>
    public async Task<string?> PullAsync(string image, TimeSpan limit, CancellationToken cancellationToken) =>
        await RunAsync(["pull", "--quiet", image], limit, cancellationToken) switch
        {
            null => $"not within {limit.TotalSeconds:0} s",
            { Succeeded: true } => null,
            var failed => failed.Error.Trim().Split('\n')[^1],
        };

    /// <summary>Removes containers that an AppHost which was killed left behind.</summary>
    public async Task RemoveAsync(string label, CancellationToken cancellationToken)
    {
        var list = await RunAsync(["ps", "--all", "--quiet", "--filter", $"label={label}"], TimeSpan.FromSeconds(5), cancellationToken);
        if (list is { Succeeded: true } && list.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries) is { Length: > 0 } ids)
        {
            await RunAsync(["rm", "--force", "--volumes", .. ids], TimeSpan.FromSeconds(15), cancellationToken);
        }
    }

    public Command Command(IEnumerable<string> arguments) => new(fileName, [.. arguments]);

    private Task<ToolResult?> RunAsync(IReadOnlyList<string> arguments, TimeSpan limit, CancellationToken cancellationToken) =>
        Tool.RunAsync(new Command(fileName, arguments), limit, cancellationToken);
}
