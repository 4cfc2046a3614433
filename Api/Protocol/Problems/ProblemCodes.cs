namespace MovieAspire.Api.Protocol.Problems;

/// <summary>The stable <c>code</c> of each problem document, for programs to branch on. A code is never renamed.</summary>
public static class ProblemCodes
{
    public const string BadRequest = "bad_request";
    public const string ValidationFailed = "validation_failed";
    public const string MalformedBody = "malformed_body";
    public const string InvalidCursor = "invalid_cursor";
    public const string Unauthenticated = "unauthenticated";
    public const string LoginFailed = "login_failed";
    public const string SecondFactorRequired = "second_factor_required";
    public const string Forbidden = "forbidden";
    public const string NotFound = "not_found";
    public const string MethodNotAllowed = "method_not_allowed";
    public const string RequestTimeout = "request_timeout";
    public const string Conflict = "conflict";
    public const string AlreadyReviewed = "already_reviewed";
    public const string OwnReview = "own_review";
    public const string MovieExists = "movie_exists";
    public const string IdempotencyKeyReused = "idempotency_key_reused";
    public const string IdempotencyInProgress = "idempotency_in_progress";
    public const string PreconditionFailed = "precondition_failed";
    public const string BodyTooLarge = "body_too_large";
    public const string UnsupportedMediaType = "unsupported_media_type";
    public const string PreconditionRequired = "precondition_required";
    public const string TooManyRequests = "too_many_requests";
    public const string InternalError = "internal_error";
    public const string Unavailable = "unavailable";
    public const string Timeout = "timeout";

    /// <summary>The code of a problem that has no more exact one than its status.</summary>
    public static string For(int status) => status switch
    {
        StatusCodes.Status401Unauthorized => Unauthenticated,
        StatusCodes.Status403Forbidden => Forbidden,
        StatusCodes.Status404NotFound => NotFound,
        StatusCodes.Status405MethodNotAllowed => MethodNotAllowed,
        StatusCodes.Status408RequestTimeout => RequestTimeout,
        StatusCodes.Status409Conflict => Conflict,
        StatusCodes.Status412PreconditionFailed => PreconditionFailed,
        StatusCodes.Status413PayloadTooLarge => BodyTooLarge,
        StatusCodes.Status415UnsupportedMediaType => UnsupportedMediaType,
        StatusCodes.Status428PreconditionRequired => PreconditionRequired,
        StatusCodes.Status429TooManyRequests => TooManyRequests,
        StatusCodes.Status503ServiceUnavailable => Unavailable,
        StatusCodes.Status504GatewayTimeout => Timeout,
        >= StatusCodes.Status500InternalServerError => InternalError,
        _ => BadRequest,
    };
}
