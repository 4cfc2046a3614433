namespace MovieAspire.Api.Accounts.Passwords;

/// <summary>Knows the passwords that attackers try first.</summary>
internal static class CommonPasswords
{
    private const int FewCharacters = 5;

    private static readonly Lazy<HashSet<string>> Words = new(Load);

    /// <summary>
    /// Whether the password is a common one, or nothing but common ones put together (<c>password123456</c>), or a few characters
    /// over and over. Case does not make one less common.
    /// </summary>
    public static bool Contain(string password)
    {
        var text = password.ToLowerInvariant();
        return text.Distinct().Count() < FewCharacters || IsMadeOfWords(text);
    }

    /// <summary>Marks each place that some sequence of words reaches, from the left to the right.</summary>
    private static bool IsMadeOfWords(string text)
    {
        var reached = new bool[text.Length + 1];
        reached[0] = true;
        for (var start = 0; start < text.Length; start++)
        {
            for (var end = start + 1; reached[start] && end <= text.Length; end++)
            {
                reached[end] |= Words.Value.Contains(text[start..end]);
            }
        }

        return reached[text.Length];
    }

    private static HashSet<string> Load()
    {
        using var stream = typeof(CommonPasswords).Assembly.GetManifestResourceStream("common-passwords.txt")!;
        using var reader = new StreamReader(stream);
        return [.. reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Where(line => line[0] != '#')];
    }
}
