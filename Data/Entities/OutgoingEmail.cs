namespace MovieAspire.Data.Entities;

/// <summary>An email that is to be sent. It is deleted when the mail server has taken it.</summary>
public sealed class OutgoingEmail
{
    public long Id { get; init; }

    /// <summary>Address of the recipient.</summary>
    public required string Recipient { get; init; }

    /// <summary>One line.</summary>
    public required string Subject { get; init; }

    /// <summary>The body as plain text.</summary>
    public required string Text { get; init; }

    /// <summary>The body as HTML.</summary>
    public required string Html { get; init; }

    /// <summary>When it was written.</summary>
    public DateTimeOffset CreatedAt { get; private set; }

    /// <summary>How often sending it failed.</summary>
    public int Attempts { get; set; }

    /// <summary>When it is to be sent, or sent again.</summary>
    public DateTimeOffset NextAttemptAt { get; set; }

    /// <summary>Why the last attempt failed, without personal data; null before one.</summary>
    public string? LastError { get; set; }
}
