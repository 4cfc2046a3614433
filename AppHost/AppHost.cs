using MovieAspire.AppHost;

var builder = DistributedApplication.CreateBuilder(args);

// By default the volume's name tells where the AppHost lies; published from elsewhere, a site would find an empty database.
var postgres = builder.AddPostgres("postgres")
    .WithDataVolume(builder.ExecutionContext.IsPublishMode ? "postgres-data" : null);

var moviedb = postgres.AddDatabase("moviedb");

// Brings the database to the schema and ends; the API must not see an older one.
var migrations = builder.AddProject<Projects.MigrationWorker>("migrations")
    .WithReference(moviedb)
    .WaitFor(moviedb)
    .WithFirstAdmin()
    .WithPublishedSeed("films");

builder.AddProject<Projects.Api>("api")
    .WithReference(moviedb)
    .WaitForCompletion(migrations)
    .WithHttpHealthCheck("/health")
    .WithExternalHttpEndpoints();

moviedb.AddTasks();

builder.Build().Run();
