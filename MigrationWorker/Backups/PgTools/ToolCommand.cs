namespace MovieAspire.MigrationWorker.Backups.PgTools;

/// <summary>Runs a program that answers with a few lines.</summary>
internal static class ToolCommand
{
    private static readonly Dictionary<string, string> NoVariables = [];

    /// <summary>What the program printed, or null where it failed or is not there.</summary>
    public static async Task<string?> TryReadAsync(string program, IEnumerable<string> arguments, CancellationToken cancellationToken)
    {
        try
        {
            using var process = ToolProcess.Start(program, arguments, NoVariables);
            process.Input.Close();
            using var reader = new StreamReader(process.Output, leaveOpen: true);
            var text = await reader.ReadToEndAsync(cancellationToken);
            return await process.WaitAsync(cancellationToken) == 0 ? text : null;
        }
        catch (CommandLine.WorkerException)
        {
            return null;
        }
    }
}
