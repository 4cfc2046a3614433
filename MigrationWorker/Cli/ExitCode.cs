namespace MovieAspire.MigrationWorker.Cli;

/// <summary>What the process tells who started it. A command line that makes no sense is <see cref="No"/>, too.</summary>
internal static class ExitCode
{
    public const int Ok = 0;

    /// <summary>The command ran, and its answer is no: something is pending, drifted or differs.</summary>
    public const int No = 1;

    /// <summary>The command could not do its work; the reason is on the last line of standard error.</summary>
    public const int Failed = 2;
}
