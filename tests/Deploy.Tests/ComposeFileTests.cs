using System.Text.Json;
using System.Text.RegularExpressions;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using MovieAspire.Testing;
using Npgsql;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace MovieAspire.Deploy.Tests;

/// <summary>
/// <c>deploy/compose.yaml</c> against what the AppHost publishes. Both are written as facts, a line each; they may differ only where the
/// two lists here say so.
/// </summary>
public sealed partial class ComposeFileTests(ComposeFileTests.Published published) : IClassFixture<ComposeFileTests.Published>
{
    // An Aspire resource without a port of its own listens where ASP.NET Core's images do.
    private const string DefaultPort = "8080";

    private static readonly string[] OnlyInAppHost =
    [
        // The password is in no environment variable: secret files hold it, and what contains it.
        "postgres env POSTGRES_PASSWORD=<postgres-password>",
        "migrations env ConnectionStrings__moviedb=<moviedb>",
        "api env ConnectionStrings__moviedb=<moviedb>",

        // Aspire tells the parts of a connection string, too; no program of ours reads them.
        .. from service in (string[])["migrations", "api"]
           from part in (string[])
           [
               "DATABASENAME=moviedb", "HOST=postgres", "PORT=5432", "USERNAME=postgres", "PASSWORD=<postgres-password>",
               "JDBCCONNECTIONSTRING=jdbc:postgresql://postgres:5432/moviedb",
               "URI=postgresql://postgres:<postgres-password-uri-encoded>@postgres:5432/moviedb",
           ]
           select $"{service} env MOVIEDB_{part}",
        "annotated.string postgres-password-uri-encoded",

        // The images are built from these projects by the Dockerfile, and need tags of their own.
        "migrations project MigrationWorker/MigrationWorker.csproj",
        "api project Api/Api.csproj",
        "admin project Admin/Admin.csproj",

        // Only a site behind a proxy may trust the headers.
        "api env ASPNETCORE_FORWARDEDHEADERS_ENABLED=true",
        "admin env ASPNETCORE_FORWARDEDHEADERS_ENABLED=true",

        // A proxy in front ends TLS, and the services talk to each other without.
        "api publishes https on 8080",
        "admin listens on 8080",
        "admin env API_HTTP=http://api:8080",
        "admin env API_HTTPS=https://api:8080",
        "admin env services__api__https__0=https://api:8080",

        // The worker makes the database on a server that is healthy.
        "migrations waits for moviedb: service_healthy",
    ];

    private static readonly string[] OnlyInComposeFile =
    [
        "postgres env POSTGRES_PASSWORD_FILE=/run/secrets/postgres-password",
        "postgres secret postgres-password",
        "secret owner-connection-string",
        "secret api-connection-string",
        "migrations secret ConnectionStrings__moviedb=<owner-connection-string>",
        "api secret ConnectionStrings__moviedb=<api-connection-string>",
        "migrations env Roles__Application=moviedb_api",
        "migrations env Roles__Observer=moviedb_observer",

        "migrations image ${MIGRATIONS_IMAGE}",
        "api image ${API_IMAGE}",
        "api env ASPNETCORE_FORWARDEDHEADERS_ENABLED=false",
        "admin image ${ADMIN_IMAGE:-movieaspire/admin}",
        // To the server itself, see .env.example.
        "admin publishes http on 8080",
        "admin env ASPNETCORE_FORWARDEDHEADERS_ENABLED=false",

        // Settings of a site.
        "api env AllowedHosts=*;localhost",
        "api env Email__From=",
        "api env Email__PublicUrl=",
        "api secret ConnectionStrings__smtp=<smtp>",
        "secret smtp",
        "migrations env Backup__Keep=5",
        "migrations volume backups:/backups",

        // In run mode Aspire's orchestrator gives these, and shows what comes in.
        "migrations env OTEL_EXPORTER_OTLP_ENDPOINT=",
        "migrations env OTEL_EXPORTER_OTLP_PROTOCOL=grpc",
        "migrations env OTEL_SERVICE_NAME=migrations",
        "api env OTEL_EXPORTER_OTLP_ENDPOINT=",
        "api env OTEL_EXPORTER_OTLP_PROTOCOL=grpc",
        "api env OTEL_SERVICE_NAME=api",
        "admin env OTEL_EXPORTER_OTLP_ENDPOINT=",
        "admin env OTEL_EXPORTER_OTLP_PROTOCOL=grpc",
        "admin env OTEL_SERVICE_NAME=admin",
        "dashboard",
        "dashboard env DOTNET_EnableDiagnostics=0",
        "dashboard env Dashboard__Frontend__AuthMode=BrowserToken",
        "dashboard env Dashboard__Otlp__AuthMode=Unsecured",
        "dashboard image mcr.microsoft.com/dotnet/aspire-dashboard:13.5",
        "dashboard listens on 18889",
        "dashboard publishes http on 18888",
    ];

    private readonly JsonElement _manifest = published.Manifest;

    [Fact]
    public void Compose_file_says_what_the_AppHost_publishes()
    {
        var facts = _manifest.EnumerateObject().SelectMany(resource => FactsOf(resource.Name, resource.Value)).Concat(Waits()).ToList();

        Assert.Empty(OnlyInAppHost.Except(facts));
        Assert.Equal(
            facts.Except(OnlyInAppHost).Concat(OnlyInComposeFile).Order(StringComparer.Ordinal),
            ComposeFacts().Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Connection_string_that_the_scripts_write_is_the_published_one()
    {
        var folder = published.NewFolder();
        var settings = Repository.PathOf("deploy/settings.sh");
        (await Cli.RunInAsync(folder, [], "bash", "-ec", $". '{settings}'; make_secrets")).EnsureSuccess("make_secrets");
        var secrets = Path.Combine(folder, "secrets");
        var expected = new NpgsqlConnectionStringBuilder(Resolve(_manifest.GetProperty("moviedb").GetProperty("connectionString").GetString()!));
        foreach (var user in new[] { "owner", "api" })
        {
            expected.Username = $"moviedb_{user}";
            expected.Password = (await File.ReadAllTextAsync(Path.Combine(secrets, $"{user}-password"))).Trim();
            var written = new NpgsqlConnectionStringBuilder(await File.ReadAllTextAsync(Path.Combine(secrets, $"{user}-connection-string")));
            Assert.True(expected.EquivalentTo(written));
        }
    }

    [RequiresFact(Tool.Unix)]
    public async Task Mail_server_is_a_file_of_its_own_that_the_scripts_make_empty_and_keep()
    {
        var folder = published.NewFolder();
        await Cli.RunInAsync(folder, [], "bash", "-ec", "umask 077; mkdir secrets; echo secret >secrets/postgres-password");
        var file = Path.Combine(folder, "secrets", "smtp");

        await PrepareAsync();
        Assert.Equal("", await File.ReadAllTextAsync(file));
        File.Delete(file);
        await Cli.RunInAsync(folder, [], "bash", "-ec", "umask 077; echo smtp://localhost:25 >secrets/smtp");
        var listed = await PrepareAsync();

        Assert.Equal("smtp://localhost:25\n", await File.ReadAllTextAsync(file));
        // The user in the container reads it.
        Assert.StartsWith("-rw-r--r--", listed, StringComparison.Ordinal);

        async Task<string> PrepareAsync() => (await Cli.RunInAsync(
            folder,
            [],
            "bash",
            "-ec",
            $". '{Repository.PathOf("deploy/settings.sh")}'; cp '{Repository.PathOf("deploy/.env.example")}' .env; dry_run=false; adopt_earlier_site() {{ :; }}; prepare; ls -l secrets/smtp"))
            .EnsureSuccess("prepare").Output;
    }

    private IEnumerable<string> FactsOf(string name, JsonElement resource)
    {
        switch (resource.GetProperty("type").GetString())
        {
            case "container.v0" or "project.v0":
                return ServiceFacts(name, resource).Prepend(name);
            case "parameter.v0" when resource.GetProperty("inputs").GetProperty("value").GetProperty("secret").GetBoolean():
                return [$"secret {name}"];
            case "value.v0":
                // A value that holds the superuser's password; a site has a role for the worker and one for the API.
                return [];
            case var type:
                return [$"{type} {name}"];
        }
    }

    private IEnumerable<string> ServiceFacts(string name, JsonElement resource)
    {
        foreach (var property in resource.EnumerateObject())
        {
            IEnumerable<string> facts = property.Name switch
            {
                "type" or "connectionString" => [],
                "image" => [$"image {property.Value}"],
                "path" => [$"project {Path.GetRelativePath(Repository.Root, Path.GetFullPath(property.Value.GetString()!, published.Folder))}"],
                "volumes" => property.Value.EnumerateArray().Select(volume =>
                    $"volume {volume.GetProperty("name")}:{volume.GetProperty("target")}"
                    + (volume.GetProperty("readOnly").GetBoolean() ? ":ro" : "")),
                "env" => property.Value.EnumerateObject().Select(variable => $"env {variable.Name}={Resolve(variable.Value.GetString()!)}"),
                "bindings" => property.Value.EnumerateObject().Select(binding =>
                    binding.Value.TryGetProperty("external", out var external) && external.GetBoolean()
                        ? $"publishes {binding.Value.GetProperty("scheme")} on {PortOf(binding.Value)}"
                        : $"listens on {PortOf(binding.Value)}"),
                _ => [$"{property.Name} {property.Value}"],
            };
            foreach (var fact in facts)
            {
                yield return $"{name} {fact}";
            }
        }
    }

    private static string PortOf(JsonElement binding) => binding.TryGetProperty("targetPort", out var port) ? port.ToString() : DefaultPort;

    /// <summary>Puts in what placeholders stand for; a secret is shown as its name in angle brackets.</summary>
    private string Resolve(string text) => Placeholder().Replace(text, match =>
    {
        var resource = _manifest.GetProperty(match.Groups["resource"].Value);
        return match.Groups["property"].Value switch
        {
            "connectionString" when match.Groups["resource"].Value == "moviedb" && match.Value == text => "<moviedb>",
            "connectionString" => Resolve(resource.GetProperty("connectionString").GetString()!),
            "value" => $"<{match.Groups["resource"].Value}>",
            var binding when binding.EndsWith(".host", StringComparison.Ordinal) => match.Groups["resource"].Value,
            var url when url.EndsWith(".url", StringComparison.Ordinal) =>
                $"{url.Split('.')[1]}://{match.Groups["resource"].Value}:{PortOf(resource.GetProperty("bindings").GetProperty(url.Split('.')[1]))}",
            var binding => PortOf(resource.GetProperty("bindings").GetProperty(binding.Split('.')[1])),
        };
    });

    private IEnumerable<string> Waits() =>
        from resource in published.Builder.Resources
        where _manifest.TryGetProperty(resource.Name, out _)
        from wait in resource.Annotations.OfType<WaitAnnotation>()
        select $"{resource.Name} waits for {wait.Resource.Name}: {Condition(wait.WaitType)}";

    private static string Condition(WaitType type) => type switch
    {
        WaitType.WaitUntilHealthy => "service_healthy",
        WaitType.WaitForCompletion => "service_completed_successfully",
        _ => "service_started",
    };

    private static IEnumerable<string> ComposeFacts()
    {
        using var text = File.OpenText(Repository.PathOf("deploy/compose.yaml"));
        var yaml = new YamlStream();
        yaml.Load(new MergingParser(new Parser(text)));
        var file = (YamlMappingNode)yaml.Documents[0].RootNode;

        foreach (var (name, node) in Entries(file, "services"))
        {
            var service = (YamlMappingNode)node;
            yield return name;
            yield return $"{name} image {service["image"]}";
            string[] facts =
            [
                .. from variable in Entries(service, "environment")
                   select $"env {variable.Key}={Default().Replace(variable.Value.ToString(), "${value}")}",
                .. from volume in Items(service, "volumes")
                   select volume is YamlMappingNode ? $"volume {volume["source"]}:{volume["target"]}" : $"volume {volume}",
                .. Items(service, "expose").Select(port => $"listens on {port}"),
                .. Items(service, "ports").Select(port => $"publishes http on {port.ToString().Split(':')[^1]}"),
                .. from secret in Items(service, "secrets")
                   select secret is YamlMappingNode ? $"secret {secret["target"]}=<{secret["source"]}>" : $"secret {secret}",
                .. Entries(service, "depends_on").Select(wait => $"waits for {wait.Key}: {wait.Value["condition"]}"),
            ];
            foreach (var fact in facts)
            {
                yield return $"{name} {fact}";
            }
        }

        foreach (var (name, _) in Entries(file, "secrets"))
        {
            yield return $"secret {name}";
        }
    }

    private static IEnumerable<YamlNode> Items(YamlMappingNode node, string key) =>
        node.Children.TryGetValue(key, out var items) ? (YamlSequenceNode)items : [];

    private static IEnumerable<KeyValuePair<string, YamlNode>> Entries(YamlMappingNode node, string key) =>
        node.Children.TryGetValue(key, out var entries)
            ? ((YamlMappingNode)entries).Children.Select(entry => KeyValuePair.Create(entry.Key.ToString(), entry.Value))
            : [];

    [GeneratedRegex(@"\{(?<resource>[^.{}]+)\.(?<property>[^{}]+)\}")]
    private static partial Regex Placeholder();

    [GeneratedRegex(@"\$\{\w+:-(?<value>[^}]*)\}")]
    private static partial Regex Default();

    /// <summary>The manifest, published once as azd does it, and the model for what a manifest does not hold.</summary>
    public sealed class Published : IAsyncLifetime
    {
        public string Folder { get; } = Directory.CreateTempSubdirectory("movieaspire-published-").FullName;

        public JsonElement Manifest { get; private set; }

        internal IDistributedApplicationTestingBuilder Builder { get; private set; } = null!;

        public async Task InitializeAsync()
        {
            var file = Path.Combine(Folder, "aspire-manifest.json");
            string[] publish = ["--operation", "publish", "--publisher", "manifest", "--output-path", file];
            (await Cli.RunAsync("dotnet", [typeof(Projects.AppHost).Assembly.Location, .. publish])).EnsureSuccess("the AppHost's publisher");
            Manifest = JsonDocument.Parse(await File.ReadAllTextAsync(file)).RootElement.GetProperty("resources");
            Builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.AppHost>(publish);
        }

        /// <summary>A folder of one test, which is deleted with this one.</summary>
        public string NewFolder() => Directory.CreateDirectory(Path.Combine(Folder, Path.GetRandomFileName())).FullName;

        public async Task DisposeAsync()
        {
            await Builder.DisposeAsync();
            Directory.Delete(Folder, recursive: true);
        }
    }
}
