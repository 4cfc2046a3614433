using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace MovieAspire.Standalone.Components.Tests;

public sealed class AddNpgsqlDbContextTests
{
    private const string Section = "Aspire:Npgsql:EntityFrameworkCore:PostgreSQL";

    [Fact]
    public void The_named_connection_string_wins_over_the_settings_section()
    {
        using var host = Build(("ConnectionStrings:db", "Host=named"), ($"{Section}:ConnectionString", "Host=section"));

        Assert.Equal("Host=named", ContextOf(host).Database.GetConnectionString());
    }

    [Fact]
    public void The_settings_of_a_context_win_over_those_of_all()
    {
        using var host = Build(
            ("ConnectionStrings:db", "Host=h"), ($"{Section}:CommandTimeout", "10"), ($"{Section}:SomeContext:CommandTimeout", "20"));

        Assert.Equal(20, ContextOf(host).Database.GetCommandTimeout());
    }

    [Fact]
    public void Passing_failures_are_retried_unless_that_is_turned_off()
    {
        using var host = Build(("ConnectionStrings:db", "Host=h"));
        using var strict = Build(("ConnectionStrings:db", "Host=h"), ($"{Section}:DisableRetry", "true"));

        Assert.True(StrategyOf(host).RetriesOnFailure);
        Assert.False(StrategyOf(strict).RetriesOnFailure);
    }

    [Fact]
    public void A_missing_connection_string_is_named_when_the_context_is_used()
    {
        using var host = Build();

        var error = Assert.Throws<InvalidOperationException>(() => ContextOf(host));

        Assert.Contains("ConnectionStrings__db", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Registering_twice_makes_one_health_check()
    {
        using var host = Build(builder => builder.AddNpgsqlDbContext<SomeContext>("db"), ("ConnectionStrings:db", "Host=h"));

        Assert.Single(ChecksOf(host), check => check.Name == nameof(SomeContext));
    }

    [Fact]
    public void The_health_check_can_be_turned_off_in_code()
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.AddNpgsqlDbContext<SomeContext>("db", settings => settings.DisableHealthChecks = true);
        using var host = builder.Build();

        Assert.Null(host.Services.GetService<HealthCheckService>());
    }

    [Fact]
    public void Contexts_are_pooled_and_take_the_applications_options()
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration["ConnectionStrings:db"] = "Host=h";
        builder.AddNpgsqlDbContext<SomeContext>(
            "db", configureDbContextOptions: options => options.UseQueryTrackingBehavior(QueryTrackingBehavior.NoTracking));
        using var host = builder.Build();

        SomeContext first;
        using (var scope = host.Services.CreateScope())
        {
            first = scope.ServiceProvider.GetRequiredService<SomeContext>();
            Assert.Equal(QueryTrackingBehavior.NoTracking, first.ChangeTracker.QueryTrackingBehavior);
        }

        Assert.Same(first, ContextOf(host));
    }

    private static IHost Build(params (string Key, string Value)[] configuration) => Build(_ => { }, configuration);

    private static IHost Build(Action<HostApplicationBuilder> configure, params (string Key, string Value)[] configuration)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddInMemoryCollection(configuration.ToDictionary(pair => pair.Key, pair => (string?)pair.Value));
        builder.AddNpgsqlDbContext<SomeContext>("db");
        configure(builder);
        return builder.Build();
    }

    private static SomeContext ContextOf(IHost host) => host.Services.CreateScope().ServiceProvider.GetRequiredService<SomeContext>();

    private static IExecutionStrategy StrategyOf(IHost host) => ContextOf(host).Database.CreateExecutionStrategy();

    private static ICollection<HealthCheckRegistration> ChecksOf(IHost host) =>
        host.Services.GetRequiredService<IOptions<HealthCheckServiceOptions>>().Value.Registrations;

    private sealed class SomeContext(DbContextOptions<SomeContext> options) : DbContext(options);
}
