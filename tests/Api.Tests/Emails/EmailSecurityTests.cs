using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using MailKit.Net.Smtp;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using MovieAspire.Api.Tests.Identity;
using MovieAspire.ServiceDefaults;
using MovieAspire.Testing;

namespace MovieAspire.Api.Tests.Emails;

/// <summary>TLS and passwords on the way to the mail server.</summary>
public sealed class EmailSecurityTests : IAsyncLifetime
{
    private readonly MailServer _server = MailServer.Create();
    private readonly string _address = AccountClient.NewAddress();
    private readonly X509Certificate2 _certificate = CreateCertificate();
    private TestDatabase _database = null!;

    private string Secure =>
        $"Endpoint=smtp://localhost:{_server.Port}?tls=required;Username={MailServer.User};Password='{MailServer.Password}'";

    public async Task InitializeAsync()
    {
        _database = await TestDatabase.AtSchemaAsync();
        await Sql.ExecuteAsync(
            _database.ConnectionString,
            "INSERT INTO outgoing_emails (recipient, subject, text, html, attempts) VALUES ($1, 'Subject', 'Text', 'HTML', 0)",
            _address);
    }

    public async Task DisposeAsync()
    {
        await _server.DisposeAsync();
        await _database.DisposeAsync();
        _certificate.Dispose();
    }

    [Fact]
    public async Task Password_from_a_secret_file_is_sent_over_TLS()
    {
        _server.Listen(_certificate);
        var folder = Directory.CreateTempSubdirectory("movieaspire-secrets-").FullName;
        try
        {
            await File.WriteAllTextAsync(Path.Combine(folder, "ConnectionStrings__smtp"), Secure + "\n");
            await using var api = new SendingApi(_database.ConnectionString, "");
            await using var trusting = api.WithWebHostBuilder(builder => builder
                .ConfigureAppConfiguration(configuration => configuration.AddSecretFiles(folder))
                .ConfigureTestServices(services => services.AddTransient(_ => new SmtpClient
                {
                    CheckCertificateRevocation = false,
                    ServerCertificateValidationCallback = (_, shown, _, _) =>
                        shown?.GetCertHashString() == _certificate.GetCertHashString(),
                })));
            trusting.StartServer();

            await _server.ReceiveAsync(_address);

            Assert.Equal(1, _server.Logins);
            Assert.DoesNotContain(api.LogRecords, record => record.Text.Contains(MailServer.Password, StringComparison.Ordinal));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task Server_that_nobody_vouches_for_gets_neither_password_nor_email()
    {
        _server.Listen(_certificate);
        await using var api = new SendingApi(_database.ConnectionString, Secure);
        api.StartServer();

        Assert.Equal("SslHandshakeException", await ErrorAsync());
        Assert.Equal((0, 0), (_server.Logins, _server.Messages.Count));
    }

    [Fact]
    public async Task Server_without_TLS_gets_neither_password_nor_email()
    {
        _server.Listen();
        await using var api = new SendingApi(_database.ConnectionString, Secure);
        api.StartServer();

        Assert.Equal("NotSupportedException", await ErrorAsync());
        Assert.Equal((0, 0), (_server.Logins, _server.Messages.Count));
    }

    [Fact]
    public async Task Wrong_password_keeps_the_email_and_stays_out_of_the_log()
    {
        _server.Listen();
        var wrong = $"{Guid.NewGuid():N}";
        await using var api = new SendingApi(_database.ConnectionString, $"smtp://user:{wrong}@127.0.0.1:{_server.Port}");
        api.StartServer();

        await ErrorAsync();

        Assert.Empty(_server.Messages);
        Assert.DoesNotContain(api.LogRecords, record => record.Text.Contains(wrong, StringComparison.Ordinal));
    }

    private async Task<string?> ErrorAsync()
    {
        string? error = null;
        await Eventually.HoldsAsync(
            async () => (error = await Sql.ScalarAsync<string>(
                _database.ConnectionString, "SELECT last_error FROM outgoing_emails")) is not null,
            "an attempt has failed");
        return error;
    }

    private static X509Certificate2 CreateCertificate()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        return X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pfx), null);
    }
}
