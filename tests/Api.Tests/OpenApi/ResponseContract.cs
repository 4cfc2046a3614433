using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Json.Schema;

namespace MovieAspire.Api.Tests.OpenApi;

/// <summary>Checks responses against an OpenAPI document: status, content type, headers and body, in which every member must be documented.</summary>
internal sealed class ResponseContract
{
    private const string Schemas = "#/components/schemas/";

    /// <summary>Headers of HTTP itself, which documents do not list, and X-Accel-Buffering, which is for nginx.</summary>
    private static readonly HashSet<string> Undocumented = new(
        [
            "Allow", "Cache-Control", "Content-Disposition", "Content-Encoding", "Content-Length", "Content-Type", "Date", "Expires",
            "Pragma", "Server", "Transfer-Encoding", "Vary", "X-Accel-Buffering",
        ],
        StringComparer.OrdinalIgnoreCase);

    private readonly JsonElement _document;
    private readonly List<(string Method, string[] Path, JsonElement Operation)> _operations;
    private readonly Uri _address = new($"https://movieaspire.test/{Guid.NewGuid()}");
    private readonly EvaluationOptions _options = new() { OutputFormat = OutputFormat.List };

    public ResponseContract(JsonElement document)
    {
        _document = document;
        _operations =
        [
            .. from path in document.GetProperty("paths").EnumerateObject()
               from operation in path.Value.EnumerateObject()
               where operation.Value.TryGetProperty("operationId", out _)
               // If two paths match, the one with fewer parameters is meant.
               orderby path.Name.Count(character => character == '{')
               select (operation.Name.ToUpperInvariant(), path.Name.Split('/'), operation.Value),
        ];
        var definitions = JsonNode.Parse(document.GetProperty("components").GetProperty("schemas").GetRawText())!;
        Close(definitions);
        _options.SchemaRegistry.Register(
            _address, JsonSchema.FromText($$"""{"$id":"{{_address}}","$defs":{{WithAddress(definitions.ToJsonString())}}}"""));
    }

    /// <summary>How the response differs from the document; empty for an unknown path.</summary>
    public IEnumerable<string> BreachesOf(HttpResponseMessage response, string body)
    {
        var (method, path) = (response.RequestMessage!.Method.Method, response.RequestMessage.RequestUri!.AbsolutePath.Split('/'));
        var (_, template, operation) = _operations.FirstOrDefault(candidate => candidate.Method == method && Fits(path, candidate.Path));
        return template is null ? [] : BreachesOf(operation, response, body).Select(breach => $"{method} {string.Join('/', template)}: {breach}");
    }

    private IEnumerable<string> BreachesOf(JsonElement operation, HttpResponseMessage response, string body)
    {
        var status = ((int)response.StatusCode).ToString(CultureInfo.InvariantCulture);
        if (!operation.GetProperty("responses").TryGetProperty(status, out var reference))
        {
            yield return $"{status} is not documented";
            yield break;
        }

        var documented = Resolve(reference);
        var headers = documented.TryGetProperty("headers", out var named) ? named.EnumerateObject().Select(header => header.Name).ToList() : [];
        foreach (var (header, _) in response.Headers.Concat(response.Content.Headers))
        {
            if (!Undocumented.Contains(header) && !headers.Contains(header, StringComparer.OrdinalIgnoreCase))
            {
                yield return $"{status} has the header {header}, which is not documented";
            }
        }

        var type = response.Content.Headers.ContentType?.MediaType ?? "";
        var hasContent = documented.TryGetProperty("content", out var content);
        if (hasContent != body.Length > 0 || (hasContent && !content.TryGetProperty(type, out _)))
        {
            yield return $"{status} has a body of type '{type}', which is not documented";
        }
        else if (type.EndsWith("json", StringComparison.Ordinal) && type != "application/x-ndjson")
        {
            var schema = JsonSchema.FromText(WithAddress(content.GetProperty(type).GetProperty("schema").GetRawText()));
            var evaluation = schema.Evaluate(JsonNode.Parse(body), _options);
            // A valid body can violate one of two alternative schemas.
            foreach (var detail in evaluation.Details.Where(detail => !evaluation.IsValid && detail.HasErrors))
            {
                yield return $"{status} {detail.InstanceLocation}: {string.Join(' ', detail.Errors!.Values)}";
            }
        }
    }

    /// <summary>Forbids members that a schema does not name: the document lacks them.</summary>
    private static void Close(JsonNode? node)
    {
        switch (node)
        {
            case JsonObject value:
                if (value["properties"] is JsonObject)
                {
                    value.TryAdd("additionalProperties", false);
                }

                foreach (var (_, member) in value)
                {
                    Close(member);
                }

                break;
            case JsonArray items:
                foreach (var item in items)
                {
                    Close(item);
                }

                break;
        }
    }

    private static bool Fits(string[] path, string[] template) =>
        path.Length == template.Length
        && path.Zip(template).All(pair => pair.Second.StartsWith('{') ? pair.First.Length > 0 : pair.First == pair.Second);

    private string WithAddress(string schema) => schema.Replace(Schemas, $"{_address}#/$defs/", StringComparison.Ordinal);

    private JsonElement Resolve(JsonElement reference) =>
        reference.TryGetProperty("$ref", out var pointer)
            ? pointer.GetString()!.Split('/')[1..].Aggregate(_document, (element, name) => element.GetProperty(name))
            : reference;
}
