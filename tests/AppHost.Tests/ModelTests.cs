using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using MovieAspire.Testing;

namespace MovieAspire.AppHost.Tests;

/// <summary>What the AppHost declares, with nothing started.</summary>
public sealed class ModelTests(ModelTests.Model model) : IClassFixture<ModelTests.Model>
{
    private readonly IDistributedApplicationTestingBuilder _builder = model.Builder;

    [Fact]
    public void Application_is_a_server_with_a_database_a_worker_an_api_and_an_admin_site()
    {
        Assert.IsType<IResourceWithConnectionString>(Resource("postgres"), exactMatch: false);
        Assert.IsType<IResourceWithConnectionString>(Resource("moviedb"), exactMatch: false);
        Assert.IsType<ProjectResource>(Resource("migrations"), exactMatch: false);
        Assert.IsType<ProjectResource>(Resource("api"), exactMatch: false);
        Assert.IsType<ProjectResource>(Resource("admin"), exactMatch: false);
    }

    [Fact]
    public void Api_starts_only_after_the_worker_completed()
    {
        var wait = Assert.Single(Resource("api").Annotations.OfType<WaitAnnotation>(), w => w.Resource.Name == "migrations");
        Assert.Equal((WaitType.WaitForCompletion, 0), (wait.WaitType, wait.ExitCode));
    }

    [Fact]
    public void Worker_waits_for_a_healthy_database()
    {
        var waits = Resource("migrations").Annotations.OfType<WaitAnnotation>().ToList();
        Assert.Contains(waits, w => w.Resource.Name == "moviedb" && w.WaitType == WaitType.WaitUntilHealthy);
        Assert.Contains(waits, w => w.Resource.Name == "postgres" && w.WaitType == WaitType.WaitUntilHealthy);
    }

    [Fact]
    public async Task Admin_site_waits_for_the_api_knows_where_it_is_and_knows_no_database()
    {
        Assert.Contains(
            Resource("admin").Annotations.OfType<WaitAnnotation>(), w => w.Resource.Name == "api" && w.WaitType == WaitType.WaitUntilHealthy);
        var environment = await EnvironmentAsync("admin");
        Assert.Equal("{api.bindings.http.url}", environment["services__api__http__0"]);
        Assert.DoesNotContain(environment.Keys, name => name.StartsWith("ConnectionStrings", StringComparison.Ordinal));
        Assert.DoesNotContain("Admin__Password", environment.Keys);
    }

    [Theory]
    [InlineData("postgres")]
    [InlineData("moviedb")]
    [InlineData("api")]
    [InlineData("admin")]
    public void Resource_that_is_waited_for_has_a_health_check(string name) =>
        Assert.NotEmpty(Resource(name).Annotations.OfType<HealthCheckAnnotation>());

    [RequiresFact(Tool.Docker)]
    public async Task Container_is_waited_for_and_told_of_as_the_process()
    {
        await using var container = await CreateAsync("--Postgres=container");
        foreach (var name in new[] { "postgres", "moviedb" })
        {
            Assert.NotEmpty(Resource(name, container).Annotations.OfType<HealthCheckAnnotation>());
        }

        foreach (var name in new[] { "migrations", "api" })
        {
            Assert.Equal(await EnvironmentAsync(name), await EnvironmentAsync(name, container));
        }
    }

    [RequiresFact(Tool.Docker)]
    public async Task Data_outlives_the_container()
    {
        await using var builder = await CreateAsync("--Postgres=container", "--PostgresData=kept");
        var postgres = builder.Resources.Single(resource => resource.Name == "postgres");
        var volume = Assert.Single(postgres.Annotations.OfType<ContainerMountAnnotation>());
        Assert.Equal((ContainerMountType.Volume, "/var/lib/postgresql", false), (volume.Type, volume.Target, volume.IsReadOnly));
    }

    [RequiresFact(Tool.Docker)]
    public async Task Database_browser_of_the_container_waits_for_a_click()
    {
        await using var builder = await CreateAsync("--Postgres=container");
        Assert.Single(builder.Resources.Single(resource => resource.Name == "pgweb").Annotations.OfType<ExplicitStartupAnnotation>());
    }

    [RequiresFact(Tool.Docker)]
    public async Task Mail_catcher_waits_for_a_click_and_until_then_the_API_sends_no_email()
    {
        await using var builder = await CreateAsync("--Postgres=container");
        Assert.Single(Resource("mailpit", builder).Annotations.OfType<ExplicitStartupAnnotation>());
        Assert.DoesNotContain("ConnectionStrings__smtp", await EnvironmentAsync("api", builder));
        Assert.DoesNotContain(_builder.Resources, resource => resource.Name == "mailpit");
    }

    [Theory]
    [InlineData("api", 5180, true)]
    [InlineData("admin", 5190, false)]
    public void Api_is_reachable_from_outside_and_the_admin_site_is_not(string name, int port, bool isExternal)
    {
        var endpoint = Assert.Single(Resource(name).Annotations.OfType<EndpointAnnotation>());
        Assert.Equal(("http", "http", isExternal, port), (endpoint.Name, endpoint.UriScheme, endpoint.IsExternal, endpoint.Port));
    }

    [Theory]
    [InlineData("migrations")]
    [InlineData("api")]
    public async Task Services_are_told_where_the_database_is(string name)
    {
        var environment = await EnvironmentAsync(name);

        Assert.Equal("{moviedb.connectionString}", environment["ConnectionStrings__moviedb"]);
        Assert.Equal("{postgres.bindings.tcp.host}", environment["MOVIEDB_HOST"]);
        Assert.Equal("{postgres.bindings.tcp.port}", environment["MOVIEDB_PORT"]);
        Assert.Equal("{postgres-password.value}", environment["MOVIEDB_PASSWORD"]);
        Assert.Equal("moviedb", environment["MOVIEDB_DATABASENAME"]);
    }

    [Fact]
    public void Database_offers_what_developers_do_with_it_by_hand()
    {
        var commands = Resource("moviedb").Annotations.OfType<ResourceCommandAnnotation>().Select(command => command.Name);
        Assert.Equal(
            ["add-migration", "backup", "recreate", "remove-migration", "reseed", "restore", "status", "update"],
            commands.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task First_admin_comes_from_a_secret()
    {
        var environment = await EnvironmentAsync("migrations");

        Assert.Equal("{admin-email.value}", environment["Admin__Email"]);
        Assert.Equal("{admin-password.value}", environment["Admin__Password"]);
        Assert.True(Assert.IsType<ParameterResource>(Resource("admin-password")).Secret);
        Assert.DoesNotContain("Admin__Password", await EnvironmentAsync("api"));
    }

    private static Task<IDistributedApplicationTestingBuilder> CreateAsync(params string[] arguments) =>
        DistributedApplicationTestingBuilder.CreateAsync<Projects.AppHost>(arguments);

    private IResource Resource(string name, IDistributedApplicationTestingBuilder? builder = null) =>
        (builder ?? _builder).Resources.Single(r => r.Name == name);

    /// <summary>The variables as a manifest would hold them, with placeholders for what only a running application knows.</summary>
    private async Task<Dictionary<string, string?>> EnvironmentAsync(
        string name, IDistributedApplicationTestingBuilder? builder = null)
    {
        var resource = Resource(name, builder);
        var publish = new DistributedApplicationExecutionContext(DistributedApplicationOperation.Publish);
        var context = new EnvironmentCallbackContext(publish, resource);
        foreach (var annotation in resource.Annotations.OfType<EnvironmentCallbackAnnotation>())
        {
            await annotation.Callback(context);
        }

        return context.EnvironmentVariables.ToDictionary(
            v => v.Key, v => v.Value is IManifestExpressionProvider provider ? provider.ValueExpression : v.Value?.ToString());
    }

    /// <summary>One model for all tests of the class, which only read it.</summary>
    public sealed class Model : IAsyncLifetime
    {
        internal IDistributedApplicationTestingBuilder Builder { get; private set; } = null!;

        // The same on each machine, whether it has an engine or not.
        public async Task InitializeAsync() => Builder = await CreateAsync("--Postgres=process");

        public async Task DisposeAsync() => await Builder.DisposeAsync();
    }
}
