using System.Diagnostics;
using System.Globalization;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;

namespace MovieAspire.Standalone.Hosting;

/// <summary>What a person at the terminal, or the reader of a log file, sees of a run.</summary>
internal sealed class ConsoleReport(
    IDistributedApplicationBuilder builder, ResourceNotificationService notifications, ResourceLoggerService loggers, HostMode mode, ConsoleWriter writer) : IDisposable
{
    private readonly Stopwatch _elapsed = Stopwatch.StartNew();
    private readonly CancellationTokenSource _end = new();
    private readonly Dictionary<string, string> _shown = [];

    // States written before their turn; the older ones still on their way are not worth a line any more.
    private readonly Dictionary<string, ResourceEvent> _ahead = [];
    private readonly Dictionary<string, ResourceEvent> _latest = [];
    private Task _states = Task.CompletedTask;
    private Uri? _dashboard;

    // Tests watch states themselves, and many run at once.
    private bool IsQuiet => mode.ThrowAway;

    public void Start()
    {
        if (IsQuiet)
        {
            return;
        }

        writer.Align(builder.Resources.Select(r => r.Name));
        var name = builder.AppHostAssembly?.GetName().Name ?? "AppHost";
        writer.Line(Tone.Title, $"{name}: stand-in host, {AppHostMetadata.HostReason(builder.AppHostAssembly) ?? "Standalone/"}");
        writer.Line(Tone.Quiet, "Ctrl+C stops everything.");
        loggers.LineWritten += (id, line) => writer.Output(id, line.Content, line.IsErrorMessage);
        _states = WriteStatesAsync(_end.Token);
    }

    public void Dashboard(Uri loginUrl)
    {
        _dashboard = loginUrl;
        writer.Line(Tone.Title, $"Dashboard: {loginUrl}");
    }

    public void Ready(IReadOnlyList<string> ids)
    {
        if (IsQuiet)
        {
            return;
        }

        // The summary shall not overtake the states that it sums up.
        WriteAhead(ids);
        writer.Blank();
        writer.Line(Tone.Good, string.Create(CultureInfo.InvariantCulture, $"Everything is up after {_elapsed.Elapsed.TotalSeconds:0.0} s."));
        foreach (var id in ids)
        {
            if (notifications.TryGetCurrentState(id, out var state) && !state.Snapshot.Urls.IsEmpty)
            {
                writer.Entry(id, string.Join("  ", state.Snapshot.Urls.Select(u => u.Url)));
            }
        }

        if (_dashboard is not null)
        {
            writer.Entry("dashboard", _dashboard.ToString());
        }

        writer.Blank();
    }

    public void Failure(string id, Failure failure, IReadOnlyList<LogLine> tail)
    {
        if (IsQuiet)
        {
            return;
        }

        writer.Together(() => Explain(id, failure, tail));
    }

    public void Note(string message) => writer.Line(Tone.Plain, message);

    public void Error(string message) => writer.Line(Tone.Bad, message);

    public void Dispose() => _end.Dispose();

    public async Task EndAsync(IEnumerable<string> ids)
    {
        await _end.CancelAsync();
        await _states;
        if (!IsQuiet)
        {
            // What was still on its way.
            WriteAhead(ids);
        }
    }

    private void Explain(string id, Failure failure, IReadOnlyList<LogLine> tail)
    {
        writer.Line(Tone.Bad, $"{id}: {failure.Reason}");
        if (failure.Culprit == id && !failure.HasRun)
        {
            return;
        }

        writer.Line(Tone.Quiet, tail.Count == 0 ? $"  {failure.Culprit} wrote nothing." : $"  The last lines of {failure.Culprit}:");
        foreach (var line in tail)
        {
            writer.Line(Tone.Quiet, "    " + line.Content);
        }
    }

    private async Task WriteStatesAsync(CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var change in notifications.WatchAsync(cancellationToken))
            {
                WriteInTurn(change);
            }
        }
        catch (OperationCanceledException)
        {
            // The run is over.
        }
    }

    private void WriteInTurn(ResourceEvent change)
    {
        lock (_shown)
        {
            _latest[change.ResourceId] = change;
            if (!_ahead.TryGetValue(change.ResourceId, out var written))
            {
                WriteState(change);
            }
            else if (written == change)
            {
                _ahead.Remove(change.ResourceId);
            }
        }
    }

    private void WriteAhead(IEnumerable<string> ids)
    {
        foreach (var id in ids)
        {
            lock (_shown)
            {
                if (notifications.TryGetCurrentState(id, out var state) && _latest.GetValueOrDefault(id) != state)
                {
                    _ahead[id] = state;
                    WriteState(state);
                }
            }
        }
    }

    private void WriteState(ResourceEvent change)
    {
        var text = StateText.Of(change);
        if (text is not null && _shown.GetValueOrDefault(change.ResourceId) != text)
        {
            _shown[change.ResourceId] = text;
            writer.State(change.ResourceId, text);
        }
    }
}
