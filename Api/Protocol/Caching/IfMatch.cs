using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Net.Http.Headers;
using MovieAspire.Api.Protocol.Problems;

namespace MovieAspire.Api.Protocol.Caching;

/// <summary>The precondition of a write (RFC 9110, 13.1.1): the versions that it may overwrite.</summary>
internal sealed class IfMatch
{
    private readonly int[]? _versions;

    private IfMatch(bool isGiven, int[]? versions)
    {
        IsGiven = isGiven;
        _versions = versions;
    }

    public bool IsGiven { get; }

    /// <summary>The answer to a write that must name what it overwrites, and does not.</summary>
    public static ProblemHttpResult Required => TypedResults.Problem(
        statusCode: StatusCodes.Status428PreconditionRequired,
        detail: "Send the ETag that you read in If-Match (or * to overwrite whatever is there), so that no one else's change is lost.");

    /// <summary>The answer when something else is there by now.</summary>
    public static ProblemHttpResult Failed => TypedResults.Problem(
        statusCode: StatusCodes.Status412PreconditionFailed,
        detail: "It was changed since you read it. Read it again, and apply your change to what is there now.");

    /// <exception cref="InvalidRequestException">The header is malformed.</exception>
    public static IfMatch Of(HttpRequest request)
    {
        var header = request.Headers.IfMatch;
        if (header.Count == 0)
        {
            return new(false, null);
        }

        if (!EntityTagHeaderValue.TryParseStrictList(header, out var tags))
        {
            throw new InvalidRequestException("If-Match", "The header must hold * or entity tags in double quotes.", ProblemCodes.BadRequest);
        }

        return tags.Contains(EntityTagHeaderValue.Any)
            ? new(true, null)
            : new(true, [.. tags.Where(tag => !tag.IsWeak).Select(tag => EntityTag.VersionIn(tag.Tag.ToString())).OfType<int>()]);
    }

    /// <summary>The condition as SQL, so that checking and writing are one step.</summary>
    public FormattableString On(FormattableString column) => _versions is null ? (FormattableString)$"true" : $"{column} = ANY({_versions})";
}
