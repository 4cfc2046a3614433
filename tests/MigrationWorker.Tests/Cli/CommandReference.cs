using System.CommandLine;
using System.CommandLine.Help;
using System.Globalization;
using System.Text;
using MovieAspire.MigrationWorker.Cli;

namespace MovieAspire.MigrationWorker.Tests.Cli;

/// <summary>Writes <c>docs/commands.md</c>: what <c>--help</c> says of each command.</summary>
internal static class CommandReference
{
    private const int LineLength = 132;

    /// <summary>Each command under its full name, in the order of the help.</summary>
    public static IEnumerable<(string Name, Command Command)> Commands() => Below(WorkerCommandLine.Create(), "");

    public static string Write()
    {
        var text = new StringBuilder(
            """
            # Commands of the worker

            What `--help` says of each command, generated from the code by a test (`MOVIEASPIRE_UPDATE=1` writes it anew).
            [operations.md](operations.md) shows them at work, with their output and exit codes. These options go with every command:


            """);
        var everywhere = GlobalOptions.All.ToList();
        AppendOptions(text, everywhere);
        foreach (var (name, command) in Commands())
        {
            var arguments = command.Arguments.Select(
                argument => argument.Arity.MinimumNumberOfValues == 0 ? $" [{argument.Name}]" : $" {argument.Name}");
            text.Append(CultureInfo.InvariantCulture, $"\n## {name}{string.Concat(arguments)}\n\n");
            AppendWrapped(text, command.Description!, indent: 0);
            text.Append('\n');
            foreach (var argument in command.Arguments)
            {
                AppendWrapped(text, $"- `{argument.Name}`: {argument.Description}", indent: 2);
            }

            AppendOptions(text, command.Options.Where(option => option is not HelpOption && !everywhere.Contains(option)));
        }

        return text.ToString();
    }

    private static IEnumerable<(string Name, Command Command)> Below(Command command, string prefix) =>
        command.Subcommands.SelectMany(
            below => Below(below, $"{prefix}{below.Name} ").Prepend(($"{prefix}{below.Name}", below)));

    private static void AppendOptions(StringBuilder text, IEnumerable<Option> options)
    {
        foreach (var option in options)
        {
            var names = string.Join(", ", option.Aliases.Prepend(option.Name).Select(name => $"`{name}`"));
            var value = option.ValueType == typeof(bool) ? "" : $" {option.HelpName}";
            var standard = option.HasDefaultValue && option.ValueType != typeof(bool) && !option.Description!.Contains("Default:", StringComparison.Ordinal)
                ? string.Create(CultureInfo.InvariantCulture, $" Default: {option.GetDefaultValue()}.")
                : "";
            var required = option.Required ? " Required." : "";
            AppendWrapped(text, $"- {names}{value}: {option.Description}{standard}{required}", indent: 2);
        }
    }

    private static void AppendWrapped(StringBuilder text, string paragraph, int indent)
    {
        var length = 0;
        foreach (var word in paragraph.Split(' '))
        {
            if (length > 0 && length + 1 + word.Length > LineLength)
            {
                text.Append('\n').Append(' ', indent);
                length = indent;
            }
            else if (length > 0)
            {
                text.Append(' ');
                length++;
            }

            text.Append(word);
            length += word.Length;
        }

        text.Append('\n');
    }
}
