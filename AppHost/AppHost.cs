using MovieAspire;

var builder = DistributedApplication.CreateBuilder(args);

builder.AddDockerComposeEnvironment("compose");

var postgres = builder.AddPostgres(ResourceNames.Postgres)
    .WithDataVolume();

var moviedb = postgres.AddDatabase(ResourceNames.Database);

// Brings the database to the schema and ends; the API must not see an older one.
var migrations = builder.AddProject<Projects.MigrationWorker>(ResourceNames.Migrations)
    .WithReference(moviedb)
    .WaitFor(moviedb);

builder.AddProject<Projects.Api>(ResourceNames.Api)
    .WithReference(moviedb)
    .WaitForCompletion(migrations)
    .WithHttpHealthCheck("/health")
    .WithExternalHttpEndpoints();

builder.Build().Run();
