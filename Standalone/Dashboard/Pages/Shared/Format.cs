using System.Globalization;
using System.Text.RegularExpressions;
using MovieAspire.Standalone.Dashboard.Telemetry;

namespace MovieAspire.Standalone.Dashboard.Pages.Shared;

/// <summary>How numbers and times are written. Times are this machine's, which is the browser's, too: the dashboard is on loopback.</summary>
internal static partial class Format
{
    /// <summary>The time of day of Unix nanoseconds, to the millisecond.</summary>
    public static string Time(long nanoseconds) =>
        UnixTime.ToDateTime(nanoseconds).ToLocalTime().ToString("HH:mm:ss.fff", CultureInfo.InvariantCulture);

    /// <summary>The time of day, to the second.</summary>
    public static string Time(DateTime? time) => time?.ToLocalTime().ToString("HH:mm:ss", CultureInfo.InvariantCulture) ?? "";

    /// <summary>Date, time and offset of Unix nanoseconds, for details.</summary>
    public static string Full(long nanoseconds) =>
        new DateTimeOffset(UnixTime.ToDateTime(nanoseconds)).ToLocalTime().ToString("yyyy-MM-dd HH:mm:ss.ffffff zzz", CultureInfo.InvariantCulture);

    /// <summary>A length of time in nanoseconds with three digits.</summary>
    public static string Duration(double nanoseconds) => nanoseconds switch
    {
        0 => "0",
        < 1e3 => $"{Digits(nanoseconds)} ns",
        < 1e6 => $"{Digits(nanoseconds / 1e3)} µs",
        < 1e9 => $"{Digits(nanoseconds / 1e6)} ms",
        < 60e9 => $"{Digits(nanoseconds / 1e9)} s",
        _ => $"{(long)(nanoseconds / 60e9)} min {Digits(nanoseconds / 1e9 % 60)} s",
    };

    /// <summary>A measured value in its unit (UCUM), scaled to be read: 0.0123 s as 12.3 ms, 5000000 By as 4.77 MiB.</summary>
    public static string Value(double value, string unit) => unit switch
    {
        _ when !double.IsFinite(value) => "–",
        "s" when value >= 0 => Duration(value * 1e9),
        "ms" when value >= 0 => Duration(value * 1e6),
        "ns" when value >= 0 => Duration(value),
        "By" => Bytes(value),
        "1" or "" => Number(value),
        _ => $"{Number(value)} {unit.Trim('{', '}')}",
    };

    /// <summary>A name in PascalCase as words: <c>NotStarted</c> becomes <c>Not started</c>.</summary>
    public static string Words(string name) => string.Concat(name.Select((character, i) =>
        i > 0 && char.IsUpper(character) && char.IsLower(name[i - 1]) ? $" {char.ToLowerInvariant(character)}" : $"{character}"));

    /// <summary>A long name in parts, each of which ends with its dot or underscores.</summary>
    public static string[] Parts(string name) => EndOfPart().Split(name);

    /// <summary>A number of things in words.</summary>
    public static string Count(int count, string thing) => string.Create(CultureInfo.InvariantCulture, $"{count} {thing}{(count == 1 ? "" : "s")}");

    /// <summary>A plain number with three digits, thousands as k.</summary>
    public static string Number(double value) => Math.Abs(value) switch
    {
        >= 1e9 => $"{Digits(value / 1e9)} G",
        >= 1e6 => $"{Digits(value / 1e6)} M",
        >= 1e4 => $"{Digits(value / 1e3)} k",
        _ => Digits(value),
    };

    private static string Bytes(double value) => Math.Abs(value) switch
    {
        >= 1L << 30 => $"{Digits(value / (1L << 30))} GiB",
        >= 1L << 20 => $"{Digits(value / (1L << 20))} MiB",
        >= 1L << 10 => $"{Digits(value / (1L << 10))} KiB",
        _ => $"{Digits(value)} B",
    };

    private static string Digits(double value) => Math.Abs(value) switch
    {
        0 => "0",
        >= 100 => value.ToString("0", CultureInfo.InvariantCulture),
        >= 10 => value.ToString("0.#", CultureInfo.InvariantCulture),
        >= 0.01 => value.ToString("0.##", CultureInfo.InvariantCulture),
        _ => value.ToString("0.#e0", CultureInfo.InvariantCulture),
    };

    [GeneratedRegex("(?<=[._])(?![._])")]
    private static partial Regex EndOfPart();
}
