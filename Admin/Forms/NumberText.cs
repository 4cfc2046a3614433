using System.Globalization;
using System.Text.RegularExpressions;

namespace MovieAspire.Admin.Forms;

/// <summary>Numbers as people type them: with or without separators of thousands, and with a point or a comma before the decimals.</summary>
internal static partial class NumberText
{
    /// <summary>Null where it is no whole number.</summary>
    public static long? ParseWhole(string? text) =>
        long.TryParse(Normalize(text), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null;

    /// <summary>Null where it is no number.</summary>
    public static double? ParseFraction(string? text) =>
        double.TryParse(Normalize(text), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static string? Normalize(string? text)
    {
        text = text?.Trim() ?? "";
        return Grouped().IsMatch(text) ? Separator().Replace(text, "") : Plain().IsMatch(text) ? text.Replace(',', '.') : null;
    }

    [GeneratedRegex(@"^-?[0-9]{1,3}([, \u00a0\u202f][0-9]{3})+$")]
    private static partial Regex Grouped();

    [GeneratedRegex("[^-0-9]")]
    private static partial Regex Separator();

    [GeneratedRegex("^-?[0-9]+([.,][0-9]+)?$")]
    private static partial Regex Plain();
}
