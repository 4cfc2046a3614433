using MovieAspire.AppHost;
using MovieAspire.LocalPostgres;

Extensions.ReportCompositionErrors();
var builder = DistributedApplication.CreateBuilder(args);

// In a container where an engine answers, otherwise this machine's own or npm's; pgweb is a browser for the database.
var postgres = builder.AddPostgresServer("postgres", container => container.WithPgWeb(browser => browser.WithExplicitStart()));
var moviedb = postgres.AddDatabase("moviedb");

// Brings the database to the schema and ends; the API must not see an older one.
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

// The site where moderators and admins keep the catalog: a client of the API, and of nothing else.
var admin = builder.AddProject<Projects.Admin>("admin")
    .WithReference(api)
    .WaitFor(api)
    .WithHttpHealthCheck("/health")
    .WithUrlForEndpoint("http", url => url.DisplayText = "Admin");

if (builder.ExecutionContext.IsPublishMode)
{
    // Invented users and ratings are for development; a site gets real movies only.
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
        // An engine answers, so there can be another container.
        api.WithMailCatcher();
    }

    builder.WaitForResourcesOnShutdown();
}

builder.Build().Run();
