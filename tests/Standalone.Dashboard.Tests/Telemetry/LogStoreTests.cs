using MovieAspire.Standalone.Dashboard.Telemetry;

namespace MovieAspire.Standalone.Dashboard.Tests.Telemetry;

public sealed class LogStoreTests
{
    private static readonly TelemetryResource Api = new("api", "1", []);

    [Fact]
    public void By_default_ten_thousand_records_of_a_resource_are_kept()
    {
        var store = new LogStore(new TelemetryLimits());

        store.Add(Api, [.. Enumerable.Range(1, 10_005).Select(i => Entry($"{i}"))]);

        var (page, total) = store.Find(new LogQuery { Limit = 20_000 });
        Assert.Equal((10_000, "10005", "6"), (total, page[0].Message, page[^1].Message));
    }

    [Fact]
    public void Errors_are_counted_while_they_are_kept()
    {
        var store = new LogStore(new TelemetryLimits { Logs = 3 });

        store.Add(Api, [Entry("a", LogSeverity.Error), Entry("b", LogSeverity.Critical), Entry("c")]);
        Assert.Equal(2, store.Errors("api"));

        store.Add(Api, [Entry("d"), Entry("e")]);
        Assert.Equal(0, store.Errors("api"));
    }

    [Fact]
    public void Filters_work_on_their_own_and_together()
    {
        var store = new LogStore(new TelemetryLimits());
        store.Add(Api, [Entry("Slow film"), Entry("Slow list", LogSeverity.Warning), Entry("Broken", LogSeverity.Error, new Tag("film", "Alien"))]);
        store.Add(new TelemetryResource("worker", "1", []), [Entry("Slow start", LogSeverity.Warning)]);

        Assert.Equal(["Slow start", "Broken", "Slow list"], Found(new LogQuery { MinSeverity = LogSeverity.Warning }));
        Assert.Equal(["Broken"], Found(new LogQuery { Text = "ALIEN" }));
        Assert.Equal(["Slow list"], Found(new LogQuery { Text = "slow", Resource = "api", MinSeverity = LogSeverity.Warning }));

        IEnumerable<string> Found(LogQuery query) => store.Find(query).Page.Select(entry => entry.Message);
    }

    private static LogEntry Entry(string message, LogSeverity severity = LogSeverity.Information, params Tag[] tags) =>
        new() { Time = 1, Severity = severity, Category = "", Message = message, Tags = tags };
}
