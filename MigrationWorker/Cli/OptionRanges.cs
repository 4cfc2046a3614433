using System.CommandLine;
using System.Globalization;

namespace MovieAspire.MigrationWorker.Cli;

/// <summary>Refuses numbers that make no sense, in words that say which do.</summary>
internal static class OptionRanges
{
    public static void AcceptOnlyFromTo(this Option option, double least, double most) => option.Validators.Add(result =>
    {
        // The tokens, since the value cannot be asked for where it is no number at all.
        foreach (var token in result.Tokens)
        {
            if (!double.TryParse(token.Value, CultureInfo.InvariantCulture, out var number) || number < least || number > most)
            {
                result.AddError($"{option.Name} needs a number from {least} to {most}, not '{token.Value}'.");
            }
        }
    });
}
