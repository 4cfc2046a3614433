using System.Data.Common;
using System.Net;
using MailKit.Security;
using Microsoft.AspNetCore.WebUtilities;

namespace MovieAspire.Api.Emails;

/// <summary>
/// A mail server, parsed from a connection string: <c>smtp://user:password@host:587</c>, or
/// <c>Endpoint=smtp://host:587;Username=…;Password=…</c> as Aspire's integrations write it, where passwords need no escaping.
/// </summary>
internal sealed class SmtpAddress
{
    private const string Smtp = "smtp";
    private const string Smtps = "smtps";

    // RFC 6409 (submission with STARTTLS), RFC 8314 (TLS from the first byte).
    private const int SubmissionPort = 587;
    private const int TlsPort = 465;

    private static readonly string[] Settings = ["Endpoint", "Username", "Password"];

    public required string Host { get; init; }

    public required int Port { get; init; }

    /// <summary>Required, unless the server is on this machine or <c>?tls=off</c> is given.</summary>
    public required SecureSocketOptions Security { get; init; }

    public NetworkCredential? Credentials { get; init; }

    /// <exception cref="FormatException">
    /// The text is invalid. The message says why without repeating the text, which may contain a password.
    /// </exception>
    public static SmtpAddress Parse(string text) =>
        text.TrimStart().StartsWith(Smtp, StringComparison.OrdinalIgnoreCase) ? ParseUri(text.Trim(), null) : ParseSettings(text);

    private static SmtpAddress ParseSettings(string text)
    {
        var settings = new DbConnectionStringBuilder();
        try
        {
            settings.ConnectionString = text;
        }
        catch (ArgumentException)
        {
            throw Invalid("it is neither an address nor settings");
        }

        if (settings.Keys.Cast<string>().Except(Settings, StringComparer.OrdinalIgnoreCase).Any())
        {
            throw Invalid("it has another setting; put a value with a semicolon in quotes");
        }

        string? Value(string key) => settings.TryGetValue(key, out var value) ? value.ToString() : null;
        return (Value("Endpoint"), Value("Username"), Value("Password")) switch
        {
            (null, _, _) => throw Invalid("Endpoint is missing"),
            (var endpoint, null, null) => ParseUri(endpoint, null),
            (var endpoint, { } user, { } password) => ParseUri(endpoint, new(user, password)),
            _ => throw Invalid("Username and Password belong together"),
        };
    }

    private static SmtpAddress ParseUri(string text, NetworkCredential? credentials)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out var uri) || uri.Scheme is not (Smtp or Smtps) || uri.Host.Length == 0
            || uri.AbsolutePath is not ("" or "/") || uri.Fragment.Length > 0)
        {
            throw Invalid("the address cannot be read; a user or password with : / ? # @ or % must be percent-encoded there");
        }

        if (uri.UserInfo.Length > 0)
        {
            if (credentials is not null)
            {
                throw Invalid("it has a user twice");
            }

            credentials = uri.UserInfo.Split(':') is [{ Length: > 0 } user, { Length: > 0 } password]
                ? new(Uri.UnescapeDataString(user), Uri.UnescapeDataString(password))
                : throw Invalid("user and password must both be there, as user:password");
        }

        return new()
        {
            Host = uri.DnsSafeHost,
            Port = uri.Port > 0 ? uri.Port : uri.Scheme == Smtps ? TlsPort : SubmissionPort,
            Security = IsTlsRequired(uri) switch
            {
                false => SecureSocketOptions.None,
                true when uri.Scheme == Smtps => SecureSocketOptions.SslOnConnect,
                true => SecureSocketOptions.StartTls,
            },
            Credentials = credentials,
        };
    }

    private static bool IsTlsRequired(Uri uri)
    {
        var query = QueryHelpers.ParseQuery(uri.Query);
        var tls = query.TryGetValue("tls", out var value) ? value.ToString() : null;
        return (query.Count - (tls is null ? 0 : 1), tls) switch
        {
            (0, null) => uri.Scheme == Smtps || !uri.IsLoopback,
            (0, "required") => true,
            (0, "off") when uri.Scheme == Smtp => false,
            _ => throw Invalid("after the ? may only stand tls=required or, with smtp, tls=off"),
        };
    }

    private static FormatException Invalid(string reason) => new(
        "must be such as smtp://user:password@mail.example.org:587 (smtps for TLS from the start) "
        + $"or Endpoint=smtp://mail.example.org:587;Username=…;Password=…: {reason}.");
}
