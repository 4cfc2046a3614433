using MovieAspire;
using MovieAspire.AppHost;

var builder = DistributedApplication.CreateBuilder(args);

// By default the volume's name tells where the AppHost lies; published from elsewhere, a site would find an empty database.
var postgres = builder.AddPostgres(ResourceNames.Postgres)
    .WithDataVolume(builder.ExecutionContext.IsPublishMode ? "postgres-data" : null);

var moviedb = postgres.AddDatabase(ResourceNames.Database);

// Brings the database to the schema and ends; the API must not see an older one.
var migrations = builder.AddProject<Projects.MigrationWorker>(ResourceNames.Migrations)
    .WithReference(moviedb)
    .WaitFor(moviedb)
    .WithFirstAdmin()
    .WithPublishedSeed("films");

builder.AddProject<Projects.Api>(ResourceNames.Api)
    .WithReference(moviedb)
    .WaitForCompletion(migrations)
    .WithHttpHealthCheck("/health")
    .WithExternalHttpEndpoints();

moviedb.AddTasks();

builder.Build().Run();
