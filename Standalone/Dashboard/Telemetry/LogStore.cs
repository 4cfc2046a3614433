namespace MovieAspire.Standalone.Dashboard.Telemetry;

/// <summary>The structured logs that came in.</summary>
public sealed class LogStore
{
    private readonly Lock _lock = new();
    private readonly BoundedLog<LogEntry> _entries;
    private readonly Dictionary<string, int> _errors = [];
    private long _number;

    internal LogStore(TelemetryLimits limits) =>
        _entries = new BoundedLog<LogEntry>(limits.Logs, limits.Bytes, entry => CountError(entry, -1));

    /// <summary>How many records are kept.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _entries.Count;
            }
        }
    }

    /// <summary>Adds the records of one sender.</summary>
    public void Add(TelemetryResource sender, IReadOnlyList<LogEntry> entries)
    {
        lock (_lock)
        {
            foreach (var entry in entries)
            {
                entry.Resource = sender;
                entry.Number = ++_number;
                CountError(entry, +1);
                _entries.Add(sender, entry, entry.Bytes);
            }
        }
    }

    /// <summary>The records that match and came in last, the latest written first, and how many match in all.</summary>
    public (IReadOnlyList<LogEntry> Page, int Total) Find(LogQuery query)
    {
        lock (_lock)
        {
            var page = new List<LogEntry>();
            var total = 0;
            foreach (var entry in _entries.NewestFirst().Where(query.Matches))
            {
                if (total++ < query.Limit)
                {
                    page.Add(entry);
                }
            }

            return ([.. page.OrderByDescending(entry => entry.Time)], total);
        }
    }

    /// <summary>The record with that number, or nothing where it is not kept (any more).</summary>
    public LogEntry? Get(long number)
    {
        lock (_lock)
        {
            return _entries.NewestFirst().FirstOrDefault(entry => entry.Number == number);
        }
    }

    /// <summary>How many of the kept records of a resource are errors or worse.</summary>
    public int Errors(string resource)
    {
        lock (_lock)
        {
            return _errors.GetValueOrDefault(resource);
        }
    }

    /// <summary>Forgets all records.</summary>
    public void Clear()
    {
        lock (_lock)
        {
            _entries.Clear();
        }
    }

    private void CountError(LogEntry entry, int by)
    {
        if (entry.Severity < LogSeverity.Error)
        {
            return;
        }

        var count = _errors.GetValueOrDefault(entry.Resource.Name) + by;
        if (count == 0)
        {
            _errors.Remove(entry.Resource.Name);
        }
        else
        {
            _errors[entry.Resource.Name] = count;
        }
    }
}
