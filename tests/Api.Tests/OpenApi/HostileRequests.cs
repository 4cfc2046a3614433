using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using MovieAspire.Data.Identity;

namespace MovieAspire.Api.Tests.OpenApi;

/// <summary>Draws requests from an OpenAPI document: each operation, with valid and hostile parameters and bodies.</summary>
internal sealed class HostileRequests(JsonElement document, string[] leftOut)
{
    private readonly (string Method, string Path, JsonElement Operation)[] _operations =
    [
        .. from path in document.GetProperty("paths").EnumerateObject()
           from operation in path.Value.EnumerateObject()
           where operation.Value.TryGetProperty("operationId", out var id) && !leftOut.Contains(id.GetString())
           select (operation.Name.ToUpperInvariant(), path.Name, operation.Value),
    ];

    public Gen<HostileRequest> Any() =>
        from operation in Gen.Elements(_operations)
        from path in PathOf(operation.Path, operation.Operation)
        from query in QueryOf(operation.Operation)
        from body in BodyOf(operation.Operation)
        from header in Gen.Frequency((4, Gen.Constant("")), (1, HostileValues.Headers))
        select new HostileRequest(operation.Method, path + query, body.Type, body.Content, header);

    private static IEnumerable<JsonElement> ParametersOf(JsonElement operation, string place) =>
        operation.TryGetProperty("parameters", out var parameters)
            ? parameters.EnumerateArray().Where(parameter => parameter.GetProperty("in").GetString() == place)
            : [];

    private static Gen<string> PathOf(string template, JsonElement operation) =>
        ParametersOf(operation, "path").Aggregate(
            Gen.Constant(template),
            (path, parameter) =>
                from text in path
                let name = parameter.GetProperty("name").GetString()!
                from value in Gen.Frequency((6, GoodPathValue(name)), (1, HostileValues.PathTexts))
                select text.Replace($"{{{name}}}", value, StringComparison.Ordinal));

    private static Gen<string> GoodPathValue(string name) =>
        name == "role" ? Gen.Elements(Roles.Moderator, Roles.Admin) : Gen.Elements("1", "2");

    private static Gen<string> QueryOf(JsonElement operation)
    {
        var names = ParametersOf(operation, "query").Select(parameter => parameter.GetProperty("name").GetString()!).ToArray();
        var pair =
            from name in names.Length == 0 ? HostileValues.Texts : Gen.Frequency((9, Gen.Elements(names)), (1, HostileValues.Texts))
            from value in Gen.OneOf(HostileValues.Texts, HostileValues.Fitting)
            select $"{name}={value}";
        return
            from count in Gen.Choose(0, 3)
            from pairs in pair.ListOf(count)
            select pairs.Count > 0 ? "?" + string.Join('&', pairs) : "";
    }

    private Gen<(string Type, byte[] Content)> BodyOf(JsonElement operation)
    {
        if (!operation.TryGetProperty("requestBody", out var body))
        {
            return Gen.Constant(("", Array.Empty<byte>()));
        }

        var types = body.GetProperty("content").EnumerateObject().ToArray();
        return
            from type in Gen.Elements(types)
            from name in Gen.Frequency((9, Gen.Constant(type.Name)), (1, HostileValues.ContentTypes))
            from content in Gen.Frequency((3, HostileBodies.Create(type.Value.GetProperty("schema"), document)), (1, HostileValues.Bodies))
            select (name, content);
    }
}
