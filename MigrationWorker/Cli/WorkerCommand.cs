using System.CommandLine;
using Microsoft.Extensions.Logging;

namespace MovieAspire.MigrationWorker.Cli;

/// <summary>A command on the database. Runs in a <see cref="CommandContext"/>; exceptions become a reason and an exit code.</summary>
internal abstract class WorkerCommand : Command
{
    protected WorkerCommand(string name, string description)
        : base(name, description) => SetAction(InvokeAsync);

    /// <summary>What to say where the user has stopped the command: what it left, and what to do.</summary>
    protected virtual string Stopped(ParseResult arguments) =>
        "Stopped; unfinished work was rolled back. Run the command again to do it.";

    private string FullName => Parents.OfType<WorkerCommand>().FirstOrDefault() is { } parent ? $"{parent.FullName} {Name}" : Name;

    /// <summary>Runs the command and returns an <see cref="ExitCode"/>.</summary>
    protected abstract Task<int> RunAsync(CommandContext context, ParseResult arguments, CancellationToken cancellationToken);

    /// <summary>Runs the command; the root command calls it for its default command.</summary>
    public async Task<int> InvokeAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        await using var context = await CommandContext.StartAsync(FullName, arguments, cancellationToken);
        WorkerTelemetry.Log = context.IsVerbose ? context.Log : null;
        try
        {
            return await WorkerTelemetry.TraceAsync(FullName, () => RunAsync(context, arguments, cancellationToken));
        }
        catch (Exception) when (cancellationToken.IsCancellationRequested)
        {
            // Any exception after a stop is a consequence of it.
            context.Log.LogError("{Reason}", Stopped(arguments));
            return ExitCode.Stopped;
        }
        catch (Exception e)
        {
            context.Log.LogCritical(ErrorFormatter.IsExpected(e) && !context.IsVerbose ? null : e, "{Reason}", ErrorFormatter.Format(e));
            return ExitCode.Failed;
        }
    }
}

/// <summary>Exit codes of the process. An invalid command line gives <see cref="No"/>, too.</summary>
internal static class ExitCode
{
    public const int Ok = 0;

    /// <summary>The command ran and found something: pending migrations, drift or differences.</summary>
    public const int No = 1;

    /// <summary>The command could not do its work; the reason is on the last line of standard error.</summary>
    public const int Failed = 2;

    /// <summary>The user stopped it, by Ctrl+C or a signal.</summary>
    public const int Stopped = 130;
}
