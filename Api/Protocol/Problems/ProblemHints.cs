namespace MovieAspire.Api.Protocol.Problems;

/// <summary>What a client can do about a status that says little by itself.</summary>
internal static class ProblemHints
{
    public static string? For(int status) => status switch
    {
        StatusCodes.Status401Unauthorized => "Log in at /api/v1/auth/login and send the access token as 'Authorization: Bearer …'.",
        StatusCodes.Status403Forbidden => "You are logged in, but your roles do not allow this.",
        StatusCodes.Status404NotFound => "There is nothing at this address that you may see or change.",
        StatusCodes.Status405MethodNotAllowed => "This address does not take that method; the Allow header lists those that it takes.",
        StatusCodes.Status415UnsupportedMediaType => "This operation does not take that Content-Type; /openapi/v1.json lists those that it takes.",
        StatusCodes.Status500InternalServerError => "This is our fault. The traceId finds it in our logs.",
        StatusCodes.Status503ServiceUnavailable => "The service cannot answer right now; try again shortly.",
        StatusCodes.Status504GatewayTimeout => "The request took longer than it may.",
        _ => null,
    };
}
