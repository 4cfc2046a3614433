namespace MovieAspire.Standalone.Dashboard.Telemetry;

/// <summary>Look-ups in a handful of tags, where a dictionary would cost more than it saves.</summary>
public static class Tags
{
    /// <summary>The value of the first tag with that key.</summary>
    public static string? Find(this IReadOnlyList<Tag> tags, string key)
    {
        for (var i = 0; i < tags.Count; i++)
        {
            if (tags[i].Key == key)
            {
                return tags[i].Value;
            }
        }

        return null;
    }

    /// <summary>Whether any value holds the text, whatever its case.</summary>
    public static bool AnyContains(this IReadOnlyList<Tag> tags, string text)
    {
        for (var i = 0; i < tags.Count; i++)
        {
            if (tags[i].Value.Contains(text, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>About how many bytes of memory the tags hold.</summary>
    public static long Bytes(this IReadOnlyList<Tag> tags)
    {
        var bytes = 24L;
        for (var i = 0; i < tags.Count; i++)
        {
            // Keys and short values are shared through the string pool.
            bytes += 16 + (tags[i].Value.Length > StringPool.MaxLength ? 24 + 2 * tags[i].Value.Length : 0);
        }

        return bytes;
    }
}
