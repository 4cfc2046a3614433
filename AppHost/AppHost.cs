using MovieAspire.AppHost;
using MovieAspire.LocalPostgres;

Extensions.ReportCompositionErrors();
var builder = DistributedApplication.CreateBuilder(args);

// In a container if an engine answers, else from this machine or from npm. pgweb shows the database in a browser.
var postgres = builder.AddPostgresServer("postgres", container => container.WithPgWeb(browser => browser.WithExplicitStart()));
var moviedb = postgres.AddDatabase("moviedb");

// Migrates the database and exits. The API must not start on an older schema.
var migrations = builder.AddProject<Projects.MigrationWorker>("migrations")
    .WithReference(moviedb)
    .WaitFor(moviedb);

var api = builder.AddProject<Projects.Api>("api")
    .WithReference(moviedb)
    .WaitForCompletion(migrations)
    .WithHttpHealthCheck("/health")
    .WithExternalHttpEndpoints()
    .WithUrlForEndpoint("http", url => (url.Url, url.DisplayText) = ("/docs", "API documentation"))
    .WithUrlForEndpoint("http", _ => new() { Url = "/emails", DisplayText = "Emails" })
    .WithUrlForEndpoint("http", _ => new() { Url = "/health", DisplayText = "Health" });

// The site of moderators and admins. It uses the API only.
var admin = builder.AddProject<Projects.Admin>("admin")
    .WithReference(api)
    .WaitFor(api)
    .WithHttpHealthCheck("/health")
    .WithUrlForEndpoint("http", url => url.DisplayText = "Admin");

if (builder.ExecutionContext.IsPublishMode)
{
    // A deployment gets the movies; the demo users and ratings are for development.
    migrations.WithEnvironment("Seed__Profile", "movies");
}
else
{
    migrations.WithFirstAdmin().WithBuiltProgram().LogFailure();
    api.WithBuiltProgram().LogAddressWhenReady();
    admin.WithBuiltProgram().LogSignInWhenReady();
    moviedb.WithDatabaseCommands(migrations);
    if (postgres.Resource is PostgresServerResource)
    {
        // There is an engine, so another container can run.
        api.WithMailCatcher();
    }

    builder.WaitForResourcesOnShutdown();
}

await builder.Build().RunToTheEndAsync();
