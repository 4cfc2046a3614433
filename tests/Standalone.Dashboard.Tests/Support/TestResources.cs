using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using MovieAspire.Standalone.Dashboard.Resources;

namespace MovieAspire.Standalone.Dashboard.Tests.Support;

/// <summary>Resources that a test sets.</summary>
internal sealed class TestResources : IResourceSource
{
    private readonly ConcurrentDictionary<string, List<ConsoleLine>> _lines = new();
    private readonly List<(string Resource, Channel<ConsoleLine> Lines)> _watchers = [];
    private IReadOnlyList<ResourceSnapshot> _resources = [];

    public event Action? Changed;

    public IReadOnlyList<ResourceSnapshot> Resources
    {
        get => _resources;
        set
        {
            _resources = value;
            Changed?.Invoke();
        }
    }

    /// <summary>The commands that were carried out, as <c>resource/command</c>.</summary>
    public ConcurrentQueue<string> Executed { get; } = new();

    /// <summary>A resource that runs, to be changed with <c>with</c>.</summary>
    public static ResourceSnapshot Running(string name) => new() { Name = name, Type = "Project", State = "Running", Tone = StateTone.Good };

    public void Write(string resource, string text, bool isError = false)
    {
        var lines = _lines.GetOrAdd(resource, _ => []);
        lock (_watchers)
        {
            var line = new ConsoleLine(lines.Count + 1, text, isError);
            lines.Add(line);
            foreach (var watcher in _watchers.Where(watcher => watcher.Resource == resource))
            {
                watcher.Lines.Writer.TryWrite(line);
            }
        }
    }

    public Task<IReadOnlyList<ConsoleLine>> ReadConsoleAsync(string resource, CancellationToken cancellationToken)
    {
        lock (_watchers)
        {
            return Task.FromResult<IReadOnlyList<ConsoleLine>>(_lines.TryGetValue(resource, out var lines) ? [.. lines] : []);
        }
    }

    public async IAsyncEnumerable<IReadOnlyList<ConsoleLine>> WatchConsoleAsync(string resource, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var channel = Channel.CreateUnbounded<ConsoleLine>();
        lock (_watchers)
        {
            foreach (var line in _lines.GetOrAdd(resource, _ => []))
            {
                channel.Writer.TryWrite(line);
            }

            _watchers.Add((resource, channel));
        }

        await foreach (var line in channel.Reader.ReadAllAsync(cancellationToken))
        {
            yield return [line];
        }
    }

    public Task<CommandOutcome> ExecuteCommandAsync(string resource, string command, CancellationToken cancellationToken)
    {
        Executed.Enqueue($"{resource}/{command}");
        return Task.FromResult(command == "break" ? new CommandOutcome(false, "It <b>broke</b>.") : new CommandOutcome(true, $"{command} of {resource} is done."));
    }
}
