using Npgsql;

namespace MovieAspire.MigrationWorker.Cli;

/// <summary>Says in one line why a command failed.</summary>
internal static class ErrorFormatter
{
    public static string Describe(Exception exception)
    {
        var reason = exception switch
        {
            UserErrorException => exception.Message,
            OperationCanceledException => "Stopped before the end; what was not finished was rolled back.",
            PostgresException e => Describe(e),
            NpgsqlException { InnerException: { } inner } => $"PostgreSQL: {exception.Message} ({inner.Message})",
            NpgsqlException => $"PostgreSQL: {exception.Message}",
            IOException or UnauthorizedAccessException => exception.Message,
            _ => $"{exception.GetType().Name}: {exception.Message}",
        };
        return reason.ReplaceLineEndings(" ");
    }

    /// <summary>True where the reason says all, so that a stack trace would only hide it.</summary>
    public static bool IsExpected(Exception exception) =>
        exception is UserErrorException or OperationCanceledException or NpgsqlException or IOException or UnauthorizedAccessException;

    private static string Describe(PostgresException e) =>
        string.Join(' ', new[] { $"PostgreSQL: {e.MessageText} ({e.SqlState}).", e.Detail, e.Hint }.Where(part => !string.IsNullOrEmpty(part)));
}

/// <summary>Something that a person can mend; the message says what and how, in one line.</summary>
internal sealed class UserErrorException(string message, Exception? inner = null) : Exception(message, inner);
