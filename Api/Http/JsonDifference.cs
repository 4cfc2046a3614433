using System.Text.Json;
using System.Text.Json.Nodes;

namespace MovieAspire.Api.Http;

internal static class JsonDifference
{
    /// <summary>The properties that differ, with their values before and after. Both objects are empty where none do.</summary>
    public static (JsonObject Before, JsonObject After) Find<T>(T before, T after, JsonSerializerOptions options)
        where T : class
    {
        var old = JsonSerializer.SerializeToNode(before, options)!.AsObject();
        var current = JsonSerializer.SerializeToNode(after, options)!.AsObject();
        foreach (var name in old.Select(property => property.Key).Where(name => JsonNode.DeepEquals(old[name], current[name])).ToList())
        {
            old.Remove(name);
            current.Remove(name);
        }

        return (old, current);
    }
}
