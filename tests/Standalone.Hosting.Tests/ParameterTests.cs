using System.Net.Http.Json;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;

namespace MovieAspire.Standalone.Hosting.Tests;

public sealed class ParameterTests
{
    [Fact]
    public async Task A_secret_is_generated_once_and_kept_for_its_owner_only()
    {
        using var home = new TemporaryFolder();
        var first = await KeyOfRunAsync(home);
        var second = await KeyOfRunAsync(home);

        Assert.Equal(30, first.Length);
        Assert.Equal(first, second);
        var file = Directory.EnumerateFiles(home.Path, "secrets.json", SearchOption.AllDirectories).Single();
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        }
    }

    [Fact]
    public async Task A_missing_value_is_an_error_that_says_how_to_give_one()
    {
        using var home = new TemporaryFolder();
        await using var appHost = AppHostProcess.Start(home, "missing-parameter");

        Assert.Equal(1, (await appHost.ExitAsync()).Code);
        Assert.Contains("api: The secret parameter 'api-key' has no value. Give one with `dotnet user-secrets set Parameters:api-key VALUE", appHost.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Other_secrets_survive_a_write()
    {
        using var home = new TemporaryFolder();
        var secrets = new UserSecrets(home.Below("id", "secrets.json"));
        secrets.Write("a", "1");
        secrets.Write("b", "2");

        Assert.Equal(("1", "2"), (secrets.Read("a"), secrets.Read("b")));
    }

    [Fact]
    public void A_broken_secrets_file_is_not_overwritten()
    {
        using var home = new TemporaryFolder();
        var path = home.Below("secrets.json");
        File.WriteAllText(path, "{ \"kept\": ");

        var exception = Assert.Throws<DistributedApplicationException>(() => new UserSecrets(path).Write("a", "1"));

        Assert.Contains(path, exception.Message, StringComparison.Ordinal);
        Assert.Equal("{ \"kept\": ", File.ReadAllText(path));
    }

    [Fact]
    public void A_generated_value_has_the_length_and_the_characters_that_are_asked_for()
    {
        var value = new GenerateParameterDefault { MinLength = 40, Special = false, MinUpper = 3, MinNumeric = 5 }.GetDefaultValue();

        Assert.Equal(40, value.Length);
        Assert.All(value, c => Assert.True(char.IsAsciiLetterOrDigit(c)));
        Assert.True(value.Count(char.IsAsciiLetterUpper) >= 3);
        Assert.True(value.Count(char.IsAsciiDigit) >= 5);
    }

    private static async Task<string> KeyOfRunAsync(TemporaryFolder home)
    {
        await using var appHost = AppHostProcess.Start(home, "generated-parameter");
        var url = await appHost.LineAsync(@"^  api\s+(http://localhost:\d+)$");
        using var client = new HttpClient();
        return (await client.GetFromJsonAsync<Dictionary<string, string>>(new Uri(url + "/environment")))!["KEY"];
    }
}
