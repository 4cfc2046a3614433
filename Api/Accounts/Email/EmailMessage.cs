namespace MovieAspire.Api.Accounts.Email;

/// <summary>A letter to one person, as plain text.</summary>
public sealed record EmailMessage(EmailKind Kind, string To, string Subject, string Body);
