namespace MovieAspire.Standalone.Dashboard.Telemetry;

/// <summary>
/// Items of several owners in order of arrival. Each owner keeps at most <paramref name="perOwner"/> items and all owners
/// together about <paramref name="maxBytes"/> bytes; the oldest go first. Not thread-safe: a store locks around it.
/// </summary>
/// <param name="perOwner">The most items of one owner.</param>
/// <param name="maxBytes">The most bytes of all items, by the callers' estimates.</param>
/// <param name="evicted">Called with every item that goes.</param>
internal sealed class BoundedLog<T>(int perOwner, long maxBytes, Action<T>? evicted = null)
    where T : class
{
    private readonly LinkedList<Entry> _all = new();
    private readonly Dictionary<object, LinkedList<Entry>> _owners = [];

    /// <summary>How many items there are.</summary>
    public int Count => _all.Count;

    /// <summary>About how many bytes they hold.</summary>
    public long Bytes { get; private set; }

    /// <summary>Adds an item as the newest.</summary>
    public Entry Add(object owner, T item, long bytes)
    {
        if (!_owners.TryGetValue(owner, out var own))
        {
            _owners[owner] = own = new LinkedList<Entry>();
        }

        var entry = new Entry { Owner = owner, Item = item };
        entry.Place = _all.AddLast(entry);
        entry.OwnPlace = own.AddLast(entry);
        if (own.Count > perOwner)
        {
            Evict(own.First!.Value);
        }

        Grow(entry, bytes);
        return entry;
    }

    /// <summary>Counts more bytes for an item that got larger.</summary>
    public void Grow(Entry entry, long bytes)
    {
        entry.Bytes += bytes;
        Bytes += bytes;
        while (Bytes > maxBytes && _all.First is { } oldest)
        {
            Evict(oldest.Value);
        }
    }

    /// <summary>Makes an item the newest again.</summary>
    public void Touch(Entry entry)
    {
        var own = _owners[entry.Owner];
        _all.Remove(entry.Place);
        _all.AddLast(entry.Place);
        own.Remove(entry.OwnPlace);
        own.AddLast(entry.OwnPlace);
    }

    /// <summary>Removes everything.</summary>
    public void Clear()
    {
        while (_all.First is { } oldest)
        {
            Evict(oldest.Value);
        }
    }

    /// <summary>All items, the newest first.</summary>
    public IEnumerable<T> NewestFirst()
    {
        for (var node = _all.Last; node is not null; node = node.Previous)
        {
            yield return node.Value.Item;
        }
    }

    private void Evict(Entry entry)
    {
        var own = _owners[entry.Owner];
        own.Remove(entry.OwnPlace);
        if (own.Count == 0)
        {
            _owners.Remove(entry.Owner);
        }

        _all.Remove(entry.Place);
        Bytes -= entry.Bytes;
        evicted?.Invoke(entry.Item);
    }

    /// <summary>An item with its owner, weight and places.</summary>
    public sealed class Entry
    {
        public required object Owner { get; init; }

        public required T Item { get; init; }

        public long Bytes { get; set; }

        public LinkedListNode<Entry> Place { get; set; } = null!;

        public LinkedListNode<Entry> OwnPlace { get; set; } = null!;
    }
}
