using System.Text.Json.Nodes;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.Net.Http.Headers;
using Microsoft.OpenApi;
using MovieAspire.Api.Movies;
using MovieAspire.Data.Identity;

namespace MovieAspire.Api.OpenApi;

/// <summary>Adds requests that run as they are: the documentation page fills its forms with them.</summary>
internal sealed class ExampleTransformer : IOpenApiOperationTransformer
{
    private const string Credentials = """{"email":"ann@example.com","password":"correct horse battery staple"}""";
    private const string Address = """{"email":"ann@example.com"}""";
    private const string Movie =
        """{"title":"A Film of Mine","releaseDate":"2026-01-31","runtimeMinutes":95,"mpaaRating":"PG","director":"Ann","genres":["Drama"]}""";
    private const string Review = """{"title":"Get busy living","body":"I liked it.","containsSpoilers":false}""";

    /// <summary>By operation; <c>Every_body_has_an_example_that_runs</c> fails where one is missing.</summary>
    private static readonly Dictionary<string, string> Bodies = new()
    {
        ["register"] = Credentials,
        ["logIn"] = Credentials,
        ["refreshTokens"] = """{"refreshToken":"the refreshToken of the login"}""",
        ["resendConfirmationEmail"] = Address,
        ["forgotPassword"] = Address,
        ["resetPassword"] =
            """{"email":"ann@example.com","resetCode":"the code of the email","newPassword":"another horse, another battery"}""",
        ["manageSecondFactor"] = """{"resetSharedKey":false}""",
        ["changeLogin"] = """{"newEmail":"ann.of.arc@example.com"}""",
        ["postMovie"] = Movie,
        ["putMovie"] = """{"title":"Another Film of Mine","releaseDate":"2026-02-28","genres":["Comedy"]}""",
        ["patchMovie"] = """{"runtimeMinutes":171,"distributor":null}""",
        ["importMovies"] = $"[{Movie}]",
        ["postGenre"] = """{"name":"Heist"}""",
        ["putGenre"] = """{"name":"Science Fiction"}""",
        ["mergeGenre"] = """{"into":2}""",
        ["putRating"] = """{"value":9}""",
        ["postReview"] = Review,
        ["putReview"] = Review,
        ["reportReview"] = """{"reason":"spoilers","comment":"It tells the end."}""",
        ["resolveReport"] = """{"action":"keep","reason":"The author warns of it."}""",
        ["removeReview"] = """{"reason":"An advertisement."}""",
        ["lockUser"] = """{"reason":"Advertises in each review."}""",
        ["patchMe"] = """{"displayName":"Ann","ratingsPublic":true}""",
    };

    public Task TransformAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        foreach (var parameter in operation.Parameters?.OfType<OpenApiParameter>() ?? [])
        {
            parameter.Example = parameter switch
            {
                { In: ParameterLocation.Path, Schema.Type: JsonSchemaType.Integer } => JsonValue.Create(1),
                { In: ParameterLocation.Path, Name: "role" } => JsonValue.Create(Roles.Moderator),
                { In: ParameterLocation.Header } when parameter.Name == HeaderNames.IfMatch => JsonValue.Create("*"),
                _ => null,
            };
        }

        if (operation.RequestBody?.Content is { } contents && Bodies.TryGetValue(operation.OperationId ?? "", out var body))
        {
            foreach (var (type, content) in contents)
            {
                content.Example = type == MovieBulkEndpoints.Ndjson ? JsonValue.Create(Movie + "\n") : JsonNode.Parse(body);
            }
        }

        return Task.CompletedTask;
    }
}
