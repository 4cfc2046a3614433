using MovieAspire.LocalPostgres;

// A server with a database, and nothing that needs it: what the tests of LocalPostgres start, signal and kill.
var builder = DistributedApplication.CreateBuilder(new DistributedApplicationOptions { Args = args, DisableDashboard = true });
var store = builder.AddPostgresServer("postgres").AddDatabase("store");
builder.Eventing.Subscribe<ResourceReadyEvent>(store.Resource, async (_, cancellationToken) =>
    Console.WriteLine($"store is ready: {await store.Resource.GetConnectionStringAsync(cancellationToken)}"));
builder.Build().Run();
