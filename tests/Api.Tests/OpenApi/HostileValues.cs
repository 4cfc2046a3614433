using System.Text;
using FsCheck;
using FsCheck.Fluent;

namespace MovieAspire.Api.Tests.OpenApi;

/// <summary>Values at and beyond the edges of types, encodings and sizes.</summary>
internal static class HostileValues
{
    /// <summary>Escaped for a URL.</summary>
    public static Gen<string> Texts { get; } = Gen.Elements(
        "", "0", "-1", "1.5", "1e400", "NaN", "9223372036854775807", "9223372036854775808", "-99999999999999999999", "0x10", "%00", "a%00b",
        "%ED%A0%80", "%FF%FE", "%F0%9F%8E%AC", "%D7%A9%D7%9C%D7%95%D7%9D", "%E2%80%AE", "%0D%0A", "'%3B%20DROP%20TABLE%20movies%3B--",
        "%25", "%27", "%5C", "%22",
        "true", "null", "%7B0%7D", "%7B", "0001-01-01", "9999-12-31", "2000-02-30", "0001-01-01T00:00:00%2B14:00",
        "9999-12-31T23:59:59-14:00",
        new string('x', 3_000), string.Concat(Enumerable.Repeat("%F0%9F%92%A9", 99)), "AAAAAAAAAAAAAAAAAAAAAAAAAAAA", "..%2F..%2Fetc");

    /// <summary>Without NUL, which servers refuse in a path before the application sees it.</summary>
    public static Gen<string> PathTexts { get; } = Texts.Where(text => !text.Contains("%00", StringComparison.Ordinal));

    /// <summary>Values that are valid for some parameter.</summary>
    public static Gen<string> Fitting { get; } = Gen.Elements(
        "1", "20", "title", "-rating", "-createdAt", "Drama", "1994", "1994-10-14", "2026-01-31T12:00:00Z", "star", "shawshenk", "true");

    public static Gen<string> Json { get; } = Gen.Elements(
        "null", "true", "0", "-1", "1.5", "1e400", "-1e-400", "9223372036854775808", "123456789012345678901234567890", "\"\"", "\" \"",
        "\"a\\u0000b\"", "\"\\ud800\"",
        "\"\\udc00\\ud800\"", "\"\\u202e\\u2066\"", "\"שלום 🎬\"", "\"2000-02-30\"", "\"0001-01-01\"", "\"9999-12-31\"", "[]", "{}",
        "[null]", "[[\"a\"]]", "[\"a\",\"A\"]",
        "{\"a\":{\"b\":1}}", $"\"{new string('x', 12_000)}\"", $"[{string.Join(',', Enumerable.Repeat("\"g\"", 100))}]",
        Nested(200), Nested(10));

    public static Gen<byte[]> Bodies { get; } = Gen.Elements<byte[]>(
        [], "null"u8.ToArray(), "{"u8.ToArray(), "}"u8.ToArray(), "[]"u8.ToArray(), "[{}]"u8.ToArray(), "\"text\""u8.ToArray(),
        "{}{}"u8.ToArray(), [0], [0xFF, 0xFE, 0x7B],
        [0xEF, 0xBB, 0xBF, 0x7B, 0x7D], [0x22, 0xC3, 0x28, 0x22], Encoding.Unicode.GetBytes("{\"value\":5}"),
        Encoding.UTF8.GetBytes(Nested(5_000)), new byte[5_000]);

    public static Gen<string> ContentTypes { get; } = Gen.Elements(
        "", "text/plain", "application/xml", "application/json; charset=utf-16", "application/json; charset=nonsense",
        "application/merge-patch+json; charset=utf-7", "nonsense", "multipart/form-data");

    public static Gen<string> Headers { get; } = Gen.Elements(
        "If-Match: *", "If-Match: nonsense", "If-Match: \"1.x\"", "If-None-Match: nonsense", "If-None-Match: *", "Accept: text/html",
        "Accept: nonsense", "Accept-Encoding: br;q=2, nonsense",
        "Idempotency-Key: same", "Idempotency-Key:  ", "Range: bytes=0-1", "X-HTTP-Method-Override: DELETE", "Accept-Language: \u0001");

    private static string Nested(int depth) => new string('[', depth) + new string(']', depth);
}
