using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Npgsql;

namespace MovieAspire.Api.Protocol.Problems;

/// <summary>
/// What the database refuses, in HTTP's terms. Endpoints answer the cases that they expect; this is the net below them,
/// for what a race or a value at the edge of a type brings about.
/// </summary>
internal static class DatabaseProblems
{
    public static ProblemDetails? Explain(Exception exception) => Unwrap(exception) switch
    {
        PostgresException { SqlState: PostgresErrorCodes.UniqueViolation or PostgresErrorCodes.ExclusionViolation } =>
            Problem(StatusCodes.Status409Conflict, "There is already one of these."),
        PostgresException { SqlState: PostgresErrorCodes.ForeignKeyViolation, ConstraintName: { } name } when name.Contains("_users_", StringComparison.Ordinal) =>
            // A token outlives its account by minutes.
            Problem(StatusCodes.Status401Unauthorized, "The account of this token is gone."),
        PostgresException { SqlState: PostgresErrorCodes.ForeignKeyViolation } =>
            Problem(StatusCodes.Status404NotFound, "Something that the request refers to no longer exists."),
        PostgresException { SqlState: PostgresErrorCodes.CheckViolation or PostgresErrorCodes.NotNullViolation } =>
            Problem(StatusCodes.Status400BadRequest, "A value is outside what the database holds."),
        // What a value can bring about that validation let through; anything else is a mistake of ours and a 500.
        PostgresException
        {
            SqlState: PostgresErrorCodes.StringDataRightTruncation or PostgresErrorCodes.NumericValueOutOfRange
                or PostgresErrorCodes.CharacterNotInRepertoire or PostgresErrorCodes.UntranslatableCharacter or PostgresErrorCodes.DatetimeFieldOverflow
        } => Problem(StatusCodes.Status400BadRequest, "A value is outside what the database holds."),
        PostgresException { IsTransient: true } or NpgsqlException and not PostgresException or TimeoutException =>
            Problem(StatusCodes.Status503ServiceUnavailable),
        _ => null,
    };

    /// <summary>The database's own error, where there is one inside.</summary>
    public static Exception Unwrap(Exception exception) =>
        exception is DbUpdateException or RetryLimitExceededException && exception.InnerException is { } inner
            ? Unwrap(inner)
            : exception;

    private static ProblemDetails Problem(int status, string? detail = null) => new() { Status = status, Detail = detail };
}
