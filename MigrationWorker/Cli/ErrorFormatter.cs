using Npgsql;

namespace MovieAspire.MigrationWorker.Cli;

/// <summary>Formats the reason why a command failed as one line.</summary>
internal static class ErrorFormatter
{
    public static string Format(Exception exception)
    {
        var reason = exception switch
        {
            UserErrorException => exception.Message,
            PostgresException e => Format(e),
            NpgsqlException { InnerException: { } inner } => $"PostgreSQL: {exception.Message} ({inner.Message})",
            NpgsqlException => $"PostgreSQL: {exception.Message}",
            IOException or UnauthorizedAccessException => exception.Message,
            _ => $"{exception.GetType().Name}: {exception.Message}",
        };
        return reason.ReplaceLineEndings(" ");
    }

    /// <summary>Whether the reason is complete, so that a stack trace would only hide it.</summary>
    public static bool IsExpected(Exception exception) =>
        exception is UserErrorException or OperationCanceledException or NpgsqlException or IOException or UnauthorizedAccessException;

    private static string Format(PostgresException e) =>
        string.Join(
            ' ', new[] { $"PostgreSQL: {e.MessageText} ({e.SqlState}).", e.Detail, e.Hint }.Where(part => !string.IsNullOrEmpty(part)));
}

/// <summary>An error that the user can fix; the message says what and how, in one line.</summary>
internal class UserErrorException(string message, Exception? inner = null) : Exception(message, inner);
