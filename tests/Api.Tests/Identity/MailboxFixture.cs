
namespace MovieAspire.Api.Tests.Identity;

/// <summary>The API without a mail server, so that each email stays in the queue, where a test reads it.</summary>
public sealed class MailboxFixture : ApiFixture
{
    public const string Confirm = "Confirm your email";
    public const string Reset = "Reset your password";
    public const string Taken = "You already have an account";

    /// <summary>Subjects of the emails to an address, oldest first.</summary>
    public async Task<string[]> SubjectsToAsync(string address) =>
        await ScalarAsync<string[]>($"SELECT array_agg(subject ORDER BY id) FROM outgoing_emails WHERE recipient = {address}") ?? [];

    /// <summary>The link or code of the latest email with this subject: the last line of its text.</summary>
    public async Task<string> SecretToAsync(string address, string subject)
    {
        var text = await ScalarAsync<string>(
            $"SELECT text FROM outgoing_emails WHERE recipient = {address} AND subject = {subject} ORDER BY id DESC LIMIT 1");
        Assert.True(text is not null, $"There is no email '{subject}'.");
        return text.Trim().Split('\n')[^1];
    }
}
