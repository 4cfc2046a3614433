// An AppHost whose resources are those of the scenario that a test asks for (--scenario NAME).
using Aspire.Hosting.Docker.Resources.ServiceNodes;
using Aspire.Hosting.Docker.Resources.ServiceNodes.Swarm;
using Subject = Projects.Standalone_Hosting_Tests_Subject;

var builder = DistributedApplication.CreateBuilder(new DistributedApplicationOptions
{
    Args = args,
    // Kept data belongs to a project folder; tests that keep some need one of their own.
    ProjectDirectory = args.SkipWhile(a => a != "--project").ElementAtOrDefault(1),
});

switch (builder.Configuration["scenario"])
{
    case "serve":
        builder.AddProject<Subject>("api").WithArgs("serve", "2").WithHttpHealthCheck("/health");
        break;

    case "in-order":
        var first = builder.AddProject<Subject>("first").WithArgs("exit", "0", "done");
        var second = builder.AddProject<Subject>("second").WithArgs("serve", "3").WithHttpHealthCheck("/health").WaitForCompletion(first);
        builder.AddProject<Subject>("third").WithArgs("serve", "0").WaitFor(second);
        break;

    case "failing":
        var worker = builder.AddProject<Subject>("worker").WithArgs("exit", "3", "first line", "the reason stands here");
        builder.AddProject<Subject>("api").WithArgs("serve", "0").WaitForCompletion(worker);
        break;

    case "never-healthy":
        var dying = builder.AddProject<Subject>("dying").WithArgs("exit", "0", "good bye").WithHttpHealthCheck("/health");
        builder.AddProject<Subject>("api").WithArgs("serve", "0").WaitFor(dying);
        break;

    case "stubborn":
        builder.AddProject<Subject>("stubborn").WithArgs("stubborn");
        break;

    case "family":
        builder.AddProject<Subject>("family").WithArgs("family");
        break;

    case "port":
        builder.AddProject<Subject>("api").WithArgs("serve", "0")
            .WithEndpoint("http", e => e.Port = int.Parse(builder.Configuration["port"]!, System.Globalization.CultureInfo.InvariantCulture));
        break;

    case "explicit":
        builder.AddProject<Subject>("api").WithArgs("serve", "0").WithHttpHealthCheck("/health");
        builder.AddProject<Subject>("tool").WithArgs("exit", "7").WithExplicitStart();
        break;

    case "replicas":
        builder.AddProject<Subject>("api").WithArgs("serve", "0").WithReplicas(2).WithHttpHealthCheck("/health");
        break;

    case "environment":
        var other = builder.AddProject<Subject>("my-backend").WithArgs("serve", "0");
        var name = builder.AddParameter("name", "a value", secret: true);
        builder.AddProject<Subject>("api").WithArgs("serve", "0")
            .WithReference(other)
            .WithEnvironment("NAME", name)
            .WithEnvironment("MIXED", $"<{name}>@{other.GetEndpoint("http")}")
            .WithHttpHealthCheck("/health");
        break;

    case "missing-parameter":
        builder.AddProject<Subject>("api").WithArgs("serve", "0").WithEnvironment("KEY", builder.AddParameter("api-key", secret: true));
        break;

    case "generated-parameter":
        var secret = builder.AddParameter("api-key", new GenerateParameterDefault { MinLength = 30 }, secret: true, persist: true);
        builder.AddProject<Subject>("api").WithArgs("serve", "0").WithEnvironment("KEY", secret).WithHttpHealthCheck("/health");
        break;

    case "commands":
        builder.AddProject<Subject>("api").WithArgs("serve", "0").WithHttpHealthCheck("/health")
            .WithHttpCommand("/calls", "Call", commandName: "call")
            .WithHttpCommand("/calls", "Refused", commandName: "refused", commandOptions: new HttpCommandOptions
            {
                PrepareRequest = context =>
                {
                    context.Request.Headers.Add("x-refuse", "1");
                    return Task.CompletedTask;
                },
            })
            .WithCommand("throw", "Throw", _ => throw new InvalidOperationException("it broke"));
        break;

    case "postgres":
        var kept = builder.AddPostgres("postgres").WithDataVolume();
        var database = kept.AddDatabase("store");
        builder.AddProject<Subject>("api").WithArgs("serve", "0").WithReference(database).WaitFor(database).WithHttpHealthCheck("/health");
        break;

    case "published":
        builder.AddDockerComposeEnvironment("compose");
        var moviedb = builder.AddPostgres("postgres").WithDataVolume().AddDatabase("moviedb");
        var migrations = builder.AddProject<Subject>("migrations", "worker").WithReference(moviedb).WaitFor(moviedb);
        builder.AddProject<Subject>("api").WithReference(moviedb).WaitForCompletion(migrations).WithExternalHttpEndpoints();
        break;

    case "customized":
        builder.AddDockerComposeEnvironment("compose").WithDashboard(false)
            .ConfigureComposeFile(file => file.Name = "shop")
            .ConfigureEnvFile(variables => variables["API_PORT"].Description = "Where the API listens");
        var key = builder.AddParameter("api-key", secret: true);
        var service = builder.AddProject<Subject>("api").WithArgs("serve", "0").WithEnvironment("KEY", key)
            .PublishAsDockerComposeService((published, s) =>
            {
                s.Restart = "no";
                s.Labels["key"] = key.AsEnvironmentPlaceholder(published);
                s.Healthcheck = new Healthcheck { Test = ["CMD", "true"], Interval = "5s", Timeout = "3s", StartPeriod = "10s", Retries = 3 };
                s.Deploy = new Deploy { Resources = new Resources { Limits = new ResourceSpec { Cpus = "0.5", Memory = "256M" } } };
            });
        builder.AddProject<Subject>("hidden").ExcludeFromManifest();
        builder.AddProject<Subject>("front").WithReference(service);
        break;

    case var unknown:
        throw new DistributedApplicationException($"There is no scenario '{unknown}'.");
}

builder.Build().Run();
