using System.Text.Json.Nodes;

namespace MovieAspire.Api.Protocol.MergePatch;

/// <summary>The algorithm of RFC 7386, section 2.</summary>
internal static class MergePatchRules
{
    public static JsonNode? Merge(JsonNode? target, JsonNode? patch)
    {
        if (patch is not JsonObject changes)
        {
            return patch?.DeepClone();
        }

        var result = target as JsonObject ?? [];
        foreach (var (name, value) in changes)
        {
            if (value is null)
            {
                result.Remove(name);
            }
            else
            {
                result.TryGetPropertyValue(name, out var current);
                result[name] = Merge(current?.DeepClone(), value);
            }
        }

        return result;
    }
}
