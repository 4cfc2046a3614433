using Microsoft.Extensions.Configuration;

namespace MovieAspire.ServiceDefaults.Tests;

public sealed class SecretFilesTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("movieaspire-secrets-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void File_is_a_setting_that_wins_over_the_environment()
    {
        File.WriteAllText(Path.Combine(_folder, "ConnectionStrings__moviedb"), "Host=file\n");

        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection([new("ConnectionStrings:moviedb", "Host=environment"), new("Other", "kept")])
            .AddSecretFiles(_folder)
            .Build();

        Assert.Equal("Host=file", configuration.GetConnectionString("moviedb"));
        Assert.Equal("kept", configuration["Other"]);
    }

    [Fact]
    public void Machine_without_the_folder_has_no_such_settings()
    {
        var configuration = new ConfigurationBuilder().AddSecretFiles(Path.Combine(_folder, "missing")).Build();

        Assert.Empty(configuration.AsEnumerable());
    }
}
