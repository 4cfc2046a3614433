using Npgsql;

namespace MovieAspire.ServiceDefaults.Tests;

public sealed class ConnectionDefaultsTests
{
    [Fact]
    public void Defaults_are_added()
    {
        var settings = new NpgsqlConnectionStringBuilder(ConnectionDefaults.Apply("Host=db;Username=u;Password=\"a;b\""));

        Assert.Equal((100, true, 16), (settings.MaxAutoPrepare, settings.NoResetOnClose, settings.MaxPoolSize));
        Assert.Equal(("db", "u", "a;b"), (settings.Host, settings.Username, settings.Password));
    }

    [Theory]
    [InlineData("Host=db", null)]
    [InlineData("Host=a,b", "primary")]
    [InlineData("Host=a:5432,b:5433;Target Session Attributes=any", "any")]
    public void Primary_of_several_servers_is_used(string given, string? target) =>
        Assert.Equal(target, new NpgsqlConnectionStringBuilder(ConnectionDefaults.Apply(given)).TargetSessionAttributes);

    [Theory]
    [InlineData("Max Auto Prepare=0;No Reset On Close=false;Maximum Pool Size=100")]
    [InlineData("MaxAutoPrepare=0;NoResetOnClose=false;MaxPoolSize=100")]
    [InlineData("max auto prepare=0;no reset on close=False;maximum pool size=100")]
    public void Connection_string_wins_whatever_the_spelling(string given)
    {
        var settings = new NpgsqlConnectionStringBuilder(ConnectionDefaults.Apply("Host=db;" + given));

        Assert.Equal((0, false, 100), (settings.MaxAutoPrepare, settings.NoResetOnClose, settings.MaxPoolSize));
    }
}
