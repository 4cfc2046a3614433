using Npgsql;

namespace MovieAspire.MigrationWorker.Cli;

/// <summary>Formats the reason why a command failed as one line.</summary>
internal static class ErrorFormatter
{
    // ENOSPC, EDQUOT, EROFS and EPIPE of Linux, of which .NET makes the exception's HResult, and what Windows has for them.
    private const int DiskFull = 28;
    private const int QuotaExceeded = 122;
    private const int ReadOnly = 30;
    private const int BrokenPipe = 32;
    private const int WindowsDiskFull = unchecked((int)0x80070070);
    private const int WindowsReadOnly = unchecked((int)0x80070013);

    /// <summary>What to do where the server ended a connection.</summary>
    public const string RunAgain = "The connection was cut: see whether the server is up, and run the command again.";

    /// <summary>The reason, and what to do about it where the exception's own words do not say that.</summary>
    public static string Format(Exception exception)
    {
        var reason = exception switch
        {
            UserErrorException => exception.Message,
            PostgresException e => Format(e),
            NpgsqlException { InnerException: IOException inner } => $"PostgreSQL: {exception.Message} ({inner.Message}) {RunAgain}",
            NpgsqlException { InnerException: { } inner } => $"PostgreSQL: {exception.Message} ({inner.Message})",
            NpgsqlException => $"PostgreSQL: {exception.Message}",
            IOException or UnauthorizedAccessException => FormatFileError(exception),
            _ => $"{exception.GetType().Name}: {exception.Message}",
        };
        return reason.ReplaceLineEndings(" ");
    }

    /// <summary>The server's own words, for a caller that says what to do.</summary>
    public static string FormatServer(PostgresException e) => Join($"PostgreSQL: {e.MessageText} ({e.SqlState}).", e.Detail, e.Hint);

    /// <summary>Whether the reason is complete, so that a stack trace would only hide it.</summary>
    public static bool IsExpected(Exception exception) =>
        exception is UserErrorException or OperationCanceledException or NpgsqlException or IOException or UnauthorizedAccessException;

    // The system's own message names the file, but not what to do.
    private static string FormatFileError(Exception exception)
    {
        var remedy = exception switch
        {
            FileNotFoundException or DirectoryNotFoundException => "Check the path.",
            UnauthorizedAccessException => $"Give the user {Environment.UserName} the right to it, or choose another path.",
            { HResult: DiskFull or QuotaExceeded or WindowsDiskFull } => "Free space there, or choose another place.",
            { HResult: ReadOnly or WindowsReadOnly } => "Choose a place that can be written to.",
            { HResult: BrokenPipe } => "The program that reads it has ended before the end: see why, and run the command again.",
            _ => "",
        };
        return remedy.Length == 0 ? exception.Message : $"{exception.Message.TrimEnd('.')}. {remedy}";
    }

    private static string Format(PostgresException e) => Join(FormatServer(e), e.Hint is null ? Remedy(e.SqlState) : null);

    /// <summary>What to do where the server takes no more connections.</summary>
    public const string FreeConnections =
        "Stop other programs that are connected, or raise the limit; the worker itself needs several connections.";

    private static string? Remedy(string state) => state switch
    {
        PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification =>
            "Check host, user and password of the connection string.",
        PostgresErrorCodes.InvalidCatalogName => "Check the database's name in the connection string, or create it with: up",
        PostgresErrorCodes.InsufficientPrivilege => "Connect as the owner of the database.",
        PostgresErrorCodes.TooManyConnections => FreeConnections,
        PostgresErrorCodes.ReadOnlySqlTransaction =>
            "Connect to the primary server; on that one, take back default_transaction_read_only.",
        PostgresErrorCodes.QueryCanceled =>
            "Somebody or a time limit ended it: run the command again, a migration with a longer --statement-timeout.",
        PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown => RunAgain,
        _ => null,
    };

    private static string Join(params string?[] parts) => string.Join(' ', parts.Where(part => !string.IsNullOrEmpty(part)));
}

/// <summary>An error that the user can fix; the message says what and how, in one line.</summary>
internal class UserErrorException(string message, Exception? inner = null) : Exception(message, inner);
