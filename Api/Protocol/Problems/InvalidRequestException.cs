namespace MovieAspire.Api.Protocol.Problems;

/// <summary>A request cannot be served as it is; answered as a 400 that names what is wrong.</summary>
internal sealed class InvalidRequestException(string parameter, string message, string code = ProblemCodes.ValidationFailed)
    : Exception(message)
{
    /// <summary>The parameter, header or field as the client wrote it.</summary>
    public string Parameter => parameter;

    public string Code => code;

    /// <summary>The answer for these errors by parameter, header or field.</summary>
    public static HttpValidationProblemDetails Problem(Dictionary<string, string[]> errors, string code = ProblemCodes.ValidationFailed) => new(errors)
    {
        Status = StatusCodes.Status400BadRequest,
        Extensions = { ["code"] = code },
    };
}
