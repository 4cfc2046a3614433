using MovieAspire.Standalone.Dashboard.Telemetry;

namespace MovieAspire.Standalone.Dashboard.Tests.Telemetry;

public sealed class BoundedLogTests
{
    [Fact]
    public void Each_owner_loses_its_own_oldest()
    {
        var evicted = new List<string>();
        var log = new BoundedLog<string>(perOwner: 2, maxBytes: 1000, evicted.Add);

        log.Add("a", "a1", 1);
        log.Add("b", "b1", 1);
        log.Add("a", "a2", 1);
        log.Add("a", "a3", 1);

        Assert.Equal(["a1"], evicted);
        Assert.Equal(["a3", "a2", "b1"], log.NewestFirst());
    }

    [Fact]
    public void Beyond_the_bytes_the_oldest_of_all_goes()
    {
        var log = new BoundedLog<string>(perOwner: 100, maxBytes: 10);

        log.Add("a", "a1", 4);
        var entry = log.Add("b", "b1", 4);
        log.Add("b", "b2", 2);
        log.Grow(entry, 3);

        Assert.Equal(["b2", "b1"], log.NewestFirst());
        Assert.Equal(9, log.Bytes);
    }

    [Fact]
    public void What_alone_is_too_large_does_not_stay()
    {
        var log = new BoundedLog<string>(perOwner: 100, maxBytes: 10);

        log.Add("a", "a1", 4);
        log.Add("a", "huge", 11);

        Assert.Empty(log.NewestFirst());
        Assert.Equal(0, log.Bytes);
    }

    [Fact]
    public void What_is_touched_is_the_newest()
    {
        var log = new BoundedLog<string>(perOwner: 2, maxBytes: 1000);

        var first = log.Add("a", "a1", 1);
        log.Add("a", "a2", 1);
        log.Touch(first);
        log.Add("a", "a3", 1);

        Assert.Equal(["a3", "a1"], log.NewestFirst());
    }
}
