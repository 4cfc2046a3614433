using MovieAspire.Standalone.Dashboard.Telemetry;

namespace MovieAspire.Standalone.Dashboard.Otlp;

/// <summary>
/// The envelope is the same for all three signals: a request holds senders (field 1), a sender its resource (1) and its
/// scopes (2), a scope its name (1) and its items (2).
/// </summary>
internal static class ProtoEnvelope
{
    /// <summary>Reads one item (a span, a log record, a metric) of a scope into the list.</summary>
    public delegate void ReadItem<T>(ProtoReader message, string scope, StringPool strings, List<T> items);

    public static IReadOnlyList<Batch<T>> Read<T>(ReadOnlySpan<byte> request, StringPool strings, ReadItem<T> readItem)
    {
        var batches = new List<Batch<T>>();
        var message = new ProtoReader(request);
        while (message.Next())
        {
            if (message.Field == 1)
            {
                batches.Add(ReadSender(message.Message(), strings, readItem));
            }
            else
            {
                message.Skip();
            }
        }

        return batches;
    }

    private static Batch<T> ReadSender<T>(ProtoReader message, StringPool strings, ReadItem<T> readItem)
    {
        IReadOnlyList<Tag> sender = [];
        var items = new List<T>();
        while (message.Next())
        {
            switch (message.Field)
            {
                case 1: sender = ProtoCommon.Resource(message.Message(), strings); break;
                case 2: ReadScope(message.Message(), strings, readItem, items); break;
                default: message.Skip(); break;
            }
        }

        return new Batch<T>(sender, items);
    }

    private static void ReadScope<T>(ProtoReader message, StringPool strings, ReadItem<T> readItem, List<T> items)
    {
        var scope = "";
        while (message.Next())
        {
            switch (message.Field)
            {
                case 1: scope = ProtoCommon.Scope(message.Message(), strings); break;
                case 2: readItem(message.Message(), scope, strings, items); break;
                default: message.Skip(); break;
            }
        }
    }
}
