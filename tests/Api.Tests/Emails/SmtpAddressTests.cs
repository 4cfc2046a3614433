using MailKit.Security;
using MovieAspire.Api.Emails;

namespace MovieAspire.Api.Tests.Emails;

public sealed class SmtpAddressTests
{
    [Theory]
    [InlineData("smtp://mail.example.org", "mail.example.org", 587, SecureSocketOptions.StartTls)]
    [InlineData("smtp://mail.example.org:25/", "mail.example.org", 25, SecureSocketOptions.StartTls)]
    [InlineData("smtp://mail.example.org:25?tls=required", "mail.example.org", 25, SecureSocketOptions.StartTls)]
    [InlineData("smtp://mail:25?tls=off", "mail", 25, SecureSocketOptions.None)]
    [InlineData("smtps://mail.example.org", "mail.example.org", 465, SecureSocketOptions.SslOnConnect)]
    [InlineData("smtps://localhost", "localhost", 465, SecureSocketOptions.SslOnConnect)]
    [InlineData("smtp://localhost:1025", "localhost", 1025, SecureSocketOptions.None)]
    [InlineData("smtp://127.0.0.2:1025", "127.0.0.2", 1025, SecureSocketOptions.None)]
    [InlineData("smtp://[::1]:1025", "::1", 1025, SecureSocketOptions.None)]
    [InlineData("smtp://localhost?tls=required", "localhost", 587, SecureSocketOptions.StartTls)]
    [InlineData("  SMTP://Mail.Example.Org\n", "mail.example.org", 587, SecureSocketOptions.StartTls)]
    [InlineData("Endpoint=smtp://localhost:1025", "localhost", 1025, SecureSocketOptions.None)]
    [InlineData("endpoint=smtp://mail:25?tls=off;", "mail", 25, SecureSocketOptions.None)]
    public void Address_says_where_and_how(string text, string host, int port, SecureSocketOptions security)
    {
        var address = SmtpAddress.Parse(text);

        Assert.Equal((host, port, security), (address.Host, address.Port, address.Security));
        Assert.Null(address.Credentials);
    }

    [Theory]
    [InlineData("smtp://movies%40example.org:p%40ss%3Aw%2Ford%3B1@mail.example.org")]
    [InlineData("Endpoint=smtp://mail.example.org;Username=movies@example.org;Password=\"p@ss:w/ord;1\"")]
    [InlineData("Password='p@ss:w/ord;1';UserName=movies@example.org;Endpoint=smtp://mail.example.org:587")]
    public void User_and_password_may_have_any_characters(string text)
    {
        var address = SmtpAddress.Parse(text);

        Assert.Equal((MailServer.User, MailServer.Password), (address.Credentials?.UserName, address.Credentials?.Password));
    }

    [Theory]
    [InlineData("mail.example.org")]
    [InlineData("http://mail.example.org")]
    [InlineData("smtp://")]
    [InlineData("smtp:mail.example.org")]
    [InlineData("smtp://mail.example.org/path")]
    [InlineData("smtp://mail.example.org:99999")]
    [InlineData("smtp://mail.example.org?tls=maybe")]
    [InlineData("smtp://mail.example.org?ssl=true")]
    [InlineData("smtps://mail.example.org?tls=off")]
    [InlineData("smtp://user@mail.example.org")]
    [InlineData("smtp://user:@mail.example.org")]
    [InlineData("smtp://user:se#cret@mail.example.org")]
    [InlineData("smtp://user:1#secret@mail.example.org")]
    [InlineData("smtp://user:1/secret@mail.example.org")]
    [InlineData("smtp://user:1?secret@mail.example.org")]
    [InlineData("smtp://user:se:cret@mail.example.org")]
    [InlineData("Username=user;Password=secret")]
    [InlineData("Endpoint=smtp://mail.example.org;Username=user")]
    [InlineData("Endpoint=smtp://mail.example.org;Password=secret")]
    [InlineData("Endpoint=smtp://mail.example.org;Username=user;Password=1;secret=1")]
    [InlineData("Endpoint=smtp://user:secret@mail.example.org;Username=user;Password=secret")]
    [InlineData("Endpoint=smtp://mail.example.org;Username=user;Password=\"secret")]
    [InlineData("Endpoint=secret")]
    public void Anything_else_is_refused_without_repeating_it(string text)
    {
        var error = Assert.Throws<FormatException>(() => SmtpAddress.Parse(text));

        Assert.Contains("smtp://user:password@mail.example.org:587", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", error.Message, StringComparison.OrdinalIgnoreCase);
        Assert.Null(error.InnerException);
    }
}
