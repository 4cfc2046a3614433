using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;

namespace MovieAspire.AppHost.Tests;

/// <summary>What the AppHost declares. Nothing is started, so that these pass with Aspire's packages where its orchestrator is missing, too.</summary>
public sealed class ModelTests : IAsyncLifetime
{
    private IDistributedApplicationTestingBuilder _builder = null!;

    public async Task InitializeAsync() => _builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.AppHost>();

    public async Task DisposeAsync() => await _builder.DisposeAsync();

    [Fact]
    public void The_application_is_a_server_with_a_database_a_worker_and_an_api()
    {
        Assert.IsType<PostgresServerResource>(Resource("postgres"));
        Assert.Equal("moviedb", Assert.IsType<PostgresDatabaseResource>(Resource("moviedb")).DatabaseName);
        Assert.IsType<ProjectResource>(Resource("migrations"), exactMatch: false);
        Assert.IsType<ProjectResource>(Resource("api"), exactMatch: false);
    }

    [Fact]
    public void The_api_starts_only_after_the_worker_completed()
    {
        var wait = Assert.Single(Resource("api").Annotations.OfType<WaitAnnotation>(), w => w.Resource.Name == "migrations");
        Assert.Equal((WaitType.WaitForCompletion, 0), (wait.WaitType, wait.ExitCode));
    }

    [Fact]
    public void The_worker_waits_for_a_healthy_database()
    {
        var waits = Resource("migrations").Annotations.OfType<WaitAnnotation>().ToList();
        Assert.Contains(waits, w => w.Resource.Name == "moviedb" && w.WaitType == WaitType.WaitUntilHealthy);
        Assert.Contains(waits, w => w.Resource.Name == "postgres" && w.WaitType == WaitType.WaitUntilHealthy);
    }

    [Theory]
    [InlineData("postgres")]
    [InlineData("moviedb")]
    [InlineData("api")]
    public void Who_is_waited_for_tells_its_health(string name) => Assert.NotEmpty(Resource(name).Annotations.OfType<HealthCheckAnnotation>());

    [Fact]
    public void The_data_outlives_the_container()
    {
        var volume = Assert.Single(Resource("postgres").Annotations.OfType<ContainerMountAnnotation>());
        Assert.Equal((ContainerMountType.Volume, "/var/lib/postgresql", false), (volume.Type, volume.Target, volume.IsReadOnly));
    }

    [Fact]
    public void The_api_is_reachable_from_outside()
    {
        var endpoint = Assert.Single(Resource("api").Annotations.OfType<EndpointAnnotation>());
        Assert.Equal(("http", "http", true, 5180), (endpoint.Name, endpoint.UriScheme, endpoint.IsExternal, endpoint.Port));
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

    [Theory]
    [InlineData("database-status")]
    [InlineData("database-backup")]
    [InlineData("database-reseed")]
    [InlineData("database-rebuild")]
    public void What_people_do_with_the_database_waits_for_a_click_and_a_healthy_server(string name)
    {
        var task = Resource(name);
        Assert.Single(task.Annotations.OfType<ExplicitStartupAnnotation>());
        Assert.Contains(task.Annotations.OfType<WaitAnnotation>(), w => w.Resource.Name == "moviedb" && w.WaitType == WaitType.WaitUntilHealthy);
    }

    [Fact]
    public void The_password_is_a_secret()
    {
        var password = Assert.IsType<PostgresServerResource>(Resource("postgres")).PasswordParameter;
        Assert.Equal(("postgres-password", true), (password.Name, password.Secret));
    }

    [Fact]
    public async Task The_first_admin_comes_from_a_secret()
    {
        var environment = await EnvironmentAsync("migrations");

        Assert.Equal("{admin-email.value}", environment["Admin__Email"]);
        Assert.Equal("{admin-password.value}", environment["Admin__Password"]);
        Assert.True(Assert.IsType<ParameterResource>(Resource("admin-password")).Secret);
        Assert.DoesNotContain("Admin__Password", await EnvironmentAsync("api"));
    }

    private IResource Resource(string name) => _builder.Resources.Single(r => r.Name == name);

    /// <summary>The variables as a manifest would hold them, with placeholders for what only a running application knows.</summary>
    private async Task<Dictionary<string, string?>> EnvironmentAsync(string name)
    {
        var resource = Resource(name);
        var context = new EnvironmentCallbackContext(new DistributedApplicationExecutionContext(DistributedApplicationOperation.Publish), resource);
        foreach (var annotation in resource.Annotations.OfType<EnvironmentCallbackAnnotation>())
        {
            await annotation.Callback(context);
        }

        return context.EnvironmentVariables.ToDictionary(v => v.Key, v => v.Value is IManifestExpressionProvider provider ? provider.ValueExpression : v.Value?.ToString());
    }
}
