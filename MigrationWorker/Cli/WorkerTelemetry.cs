using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;

namespace MovieAspire.MigrationWorker.Cli;

/// <summary>Traces and measures what a command does.</summary>
internal static class WorkerTelemetry
{
    private const string Name = "MovieAspire.MigrationWorker";
    private static readonly ActivitySource Source = new(Name);
    private static readonly Histogram<double> Duration =
        new Meter(Name).CreateHistogram<double>(
            "movieaspire.worker.step.duration", "s", "How long the steps of the migration worker took.");

    private static readonly AsyncLocal<ILogger?> StepLog = new();

    /// <summary>Logs how long each step of the current command took; null to log nothing.</summary>
    public static ILogger? Log
    {
        set => StepLog.Value = value;
    }

    /// <summary>Runs a step as an activity of its own, measures its duration and records its failure.</summary>
    public static async Task<T> TraceAsync<T>(string step, Func<Task<T>> work)
    {
        using var activity = Source.StartActivity(step);
        var start = Stopwatch.GetTimestamp();
        string? error = null;
        try
        {
            return await work();
        }
        catch (Exception e)
        {
            error = e.GetType().FullName;
            activity?.AddException(e);
            activity?.SetTag("error.type", error);
            activity?.SetStatus(ActivityStatusCode.Error, e.Message);
            throw;
        }
        finally
        {
            var seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
            StepLog.Value?.LogInformation("{Step} took {Seconds:0.00} s.", step, seconds);
            Duration.Record(seconds, new("step", step), new("error.type", error));
        }
    }

    /// <inheritdoc cref="TraceAsync{T}"/>
    public static Task TraceAsync(string step, Func<Task> work) => TraceAsync(step, async () =>
    {
        await work();
        return true;
    });
}
