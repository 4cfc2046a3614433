using System.Text.Json;
using System.Text.RegularExpressions;
using CliWrap;
using CliWrap.Buffered;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging.Abstractions;

namespace MovieAspire.AppHost;

/// <summary>
/// Commands of the database for developers, on the dashboard and in the Aspire CLI, such as <c>aspire resource moviedb backup</c>.
/// Deployments use the worker's command line.
/// </summary>
internal static partial class DatabaseCommands
{
    /// <summary>The tool of <c>.config/dotnet-tools.json</c>; <c>exec</c> downloads it if it is missing.</summary>
    private static readonly string[] Migrations = ["tool", "exec", "dotnet-ef", "--yes", "--", "migrations"];

    /// <summary>Adds the commands. Their output goes to the database's log, their traces appear as the worker's.</summary>
    public static void WithDatabaseCommands<T>(this IResourceBuilder<T> database, IResourceBuilder<ProjectResource> worker)
        where T : IResource
    {
        string[] run = ["exec", worker.Resource.BuiltProgram()];

        Add("status", "Status", [.. run, "status"], new()
        {
            Description = "Lists applied and pending migrations, and drift of the schema.",
            IconName = "Info",
            IsHighlighted = true,
        });
        Add("backup", "Back up", [.. run, "backup"], new()
        {
            Description = "Backs the database up into a new file.",
            IconName = "ArrowDownload",
            IsHighlighted = true,
        });
        Add("restore", "Restore", [.. run, "restore"], new()
        {
            Description = "Puts a backup in the place of the database, which is kept under another name.",
            IconName = "ArrowUpload",
            Arguments = [AskForBackup()],
        });
        Add("reseed", "Reseed", [.. run, "seed", "--again"], new()
        {
            Description = "Adds what is missing of the movies and the demo data. Changes and deletes nothing.",
            IconName = "LeafOne",
        });
        Add("recreate", "Start over", [.. run, "recreate"], new()
        {
            Description = "Puts a fresh database in the place of this one, which is kept under another name.",
            ConfirmationMessage = "Put a fresh database in the place of this one? This one is kept under another name.",
            IconName = "ArrowReset",
        });
        Add("update", "Update", ["run", "--project", worker.Resource.GetProjectMetadata().ProjectPath, "--", "up"], new()
        {
            Description = "Builds the migrations of the sources and applies those that are pending.",
            IconName = "ArrowSync",
        });
        Add("add-migration", "Add migration", [.. Migrations, "add", "--project", "Data"], new()
        {
            Description = "Scaffolds a migration from what the model has and the last migration lacks.",
            IconName = "Add",
            Arguments = [AskForName()],
            ValidateArguments = RequireIdentifier,
        });
        Add("remove-migration", "Remove last migration", [.. Migrations, "remove", "--project", "Data", "--force"], new()
        {
            Description = "Deletes the files of the last migration, which no database may have yet.",
            ConfirmationMessage = "Delete the files of the last migration?",
            IconName = "Subtract",
        });

        void Add(string name, string displayName, string[] arguments, ProcessCommandOptions options)
        {
            options.UpdateState = context => context.ResourceSnapshot.HealthStatus == HealthStatus.Healthy
                ? ResourceCommandState.Enabled
                : ResourceCommandState.Disabled;
            options.MaxOutputLineCount = 1000;
            database.WithProcessCommand(
                name,
                displayName,
                async context => await worker.DotnetAsync(
                    [.. arguments, .. context.Arguments.Select(argument => argument.Value!)], context.CancellationToken),
                options);
        }

        InteractionInput AskForBackup() => new()
        {
            Name = "backup",
            Label = "Backup",
            InputType = InputType.Choice,
            Required = true,
            AllowCustomChoice = true,
            DynamicLoading = new()
            {
                LoadCallback = async context =>
                {
                    var list = await worker.DotnetAsync([.. run, "backups", "--json"], context.CancellationToken);
                    context.Input.Options = await ListBackupsAsync(list, context.CancellationToken);
                },
            },
        };
    }

    private static InteractionInput AskForName() => new()
    {
        Name = "name",
        Label = "Name",
        InputType = InputType.Text,
        Required = true,
        Placeholder = "AddLanguageToMovies",
    };

    /// <summary>Describes a process in the root of the repository, with the environment of the worker.</summary>
    private static async Task<ProcessCommandSpec> DotnetAsync(
        this IResourceBuilder<ProjectResource> worker, string[] arguments, CancellationToken cancellation)
    {
        var application = worker.ApplicationBuilder;
        var configuration = await ExecutionConfigurationBuilder.Create(worker.Resource).WithEnvironmentVariablesConfig()
            .BuildAsync(application.ExecutionContext, NullLogger.Instance, cancellation);
        var environment = configuration.EnvironmentVariables.ToDictionary();

        // Aspire's orchestrator sets these for the processes that it starts itself.
        environment["OTEL_SERVICE_NAME"] = worker.Resource.Name;
        environment["OTEL_RESOURCE_ATTRIBUTES"] = $"service.instance.id={Guid.NewGuid():N}";
        return new("dotnet")
        {
            WorkingDirectory = Path.GetFullPath("..", application.AppHostDirectory),
            Arguments = arguments,
            EnvironmentVariables = environment,
        };
    }

    private static async Task<IReadOnlyList<KeyValuePair<string, string>>> ListBackupsAsync(
        ProcessCommandSpec command, CancellationToken cancellation)
    {
        var result = await Cli.Wrap(command.ExecutablePath)
            .WithArguments(command.Arguments!)
            .WithEnvironmentVariables(command.EnvironmentVariables.ToDictionary(variable => variable.Key, string? (variable) => variable.Value))
            .ExecuteBufferedAsync(cancellation);
        using var list = JsonDocument.Parse(result.StandardOutput);
        return [.. list.RootElement.GetProperty("backups").EnumerateArray().Select(backup => Describe(backup))];

        static KeyValuePair<string, string> Describe(JsonElement backup)
        {
            var file = backup.GetProperty("file").GetString()!;
            var migration = backup.GetProperty("migration").GetString() ?? "no migration";
            return new(file, $"{file} ({backup.GetProperty("rows").GetInt64():N0} rows, {migration})");
        }
    }

    private static Task RequireIdentifier(InputsDialogValidationContext context)
    {
        if (!Identifier().IsMatch(context.Inputs.GetString("name") ?? ""))
        {
            context.AddValidationError("name", "A name of letters and digits, such as AddLanguageToMovies.");
        }

        return Task.CompletedTask;
    }

    [GeneratedRegex("^[A-Za-z_][A-Za-z0-9_]*$")]
    private static partial Regex Identifier();
}
