using MovieAspire.Data.Identity;
using MovieAspire.Testing;

namespace MovieAspire.Api.Tests.OpenApi;

/// <summary>Clients that others' generators make of docs/openapi.json compile, and walk from registering to leaving.</summary>
public sealed class GeneratedClientTests(DocumentationPageTests.Fixture api) : IClassFixture<DocumentationPageTests.Fixture>
{
    private static readonly string Document = Repository.PathOf("docs", "openapi.json");

    [Fact]
    public async Task Client_of_Kiota_walks_the_journey()
    {
        var program = Path.Combine(AppContext.BaseDirectory, "MovieAspire.Api.Tests.KiotaClient.dll");
        var result = await Cli.RunAsync("dotnet", "exec", program, Address(), await AdminAsync());

        Assert.True(result.ExitCode == 0, result.All);
    }

    [RequiresFact(Tool.Npm)]
    public async Task Client_of_openapi_typescript_walks_the_journey()
    {
        var npm = new NpmTool("client", "openapi-typescript@7.13.0", "openapi-fetch@0.17.0", "typescript@5.9.3", "@types/node@20.19.25");

        // A .ts file, which the compiler checks, as it does not check the declarations of libraries.
        (await npm.RunAsync("openapi-typescript", Document, "--output", Path.Combine(npm.Folder, "api.ts"))).EnsureSuccess("openapi-typescript");
        File.Copy(Repository.PathOf("tests", "Api.Tests", "OpenApi", "Clients", "journey.ts"), Path.Combine(npm.Folder, "journey.mts"), overwrite: true);
        (await npm.RunAsync(
            "tsc", "journey.mts", "--strict", "--noUncheckedIndexedAccess", "--skipLibCheck", "--target", "es2022", "--module", "nodenext"))
            .EnsureSuccess("The compiler of TypeScript");
        var result = await Cli.RunAsync("node", Path.Combine(npm.Folder, "journey.mjs"), Address(), await AdminAsync());

        Assert.True(result.ExitCode == 0, result.All);
    }

    private string Address()
    {
        using var client = api.CreateClient();
        return $"{client.BaseAddress}".TrimEnd('/');
    }

    private async Task<string> AdminAsync()
    {
        var admin = await api.AddSignedInUserAsync(Roles.Admin);
        return admin.Client.DefaultRequestHeaders.Authorization!.Parameter!;
    }
}
