using System.CommandLine;
using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using MovieAspire.MigrationWorker.Database;
using MovieAspire.ServiceDefaults;
using Npgsql;

namespace MovieAspire.MigrationWorker.Cli;

/// <summary>The environment of a command: configuration, log, telemetry, connection string and the global options.</summary>
internal sealed class CommandContext : IAsyncDisposable
{
    // The AppHost's name of the database, by which Aspire names the connection string.
    private const string Database = "moviedb";

    // In seconds. Some networks drop idle connections, such as that of the lock.
    private const int KeepAlive = 30;

    private readonly IHost _host;
    private readonly ParseResult _arguments;
    private readonly string _command;

    private CommandContext(IHost host, string command, ParseResult arguments)
    {
        _host = host;
        _command = command;
        _arguments = arguments;
        Configuration = host.Services.GetRequiredService<IConfiguration>();
        Log = host.Services.GetRequiredService<ILoggerFactory>().CreateLogger("MovieAspire.MigrationWorker");
    }

    public IConfiguration Configuration { get; }

    public ILogger Log { get; }

    /// <summary>Whether to log details.</summary>
    public bool IsVerbose => _arguments.GetValue(GlobalOptions.Verbose);

    public TimeSpan ServerWait => GlobalOptions.ServerWait.GetValue(_arguments);

    public TimeSpan LockWait => GlobalOptions.LockWait.GetValue(_arguments);

    public TimeSpan LockTimeout => GlobalOptions.LockTimeout.GetValue(_arguments);

    public TimeSpan StatementTimeout => GlobalOptions.StatementTimeout.GetValue(_arguments);

    public static async Task<CommandContext> StartAsync(string command, ParseResult arguments, CancellationToken cancellationToken)
    {
        var builder = Host.CreateEmptyApplicationBuilder(
            new HostApplicationBuilderSettings { ApplicationName = typeof(CommandContext).Assembly.GetName().Name });
        builder.Configuration.AddEnvironmentVariables().AddSecretFiles();
        if (arguments.InvocationConfiguration is WorkerInvocation invocation)
        {
            builder.Configuration.AddInMemoryCollection(invocation.Settings!);
        }

        var least = arguments.GetValue(GlobalOptions.Quiet) ? LogLevel.Warning : LogLevel.Information;
        builder.Logging.AddProvider(new LineLoggerProvider(least, errorOnly: WorkerJson.IsWanted(arguments)));

        builder.ConfigureOpenTelemetry();
        var host = builder.Build();
        await host.StartAsync(cancellationToken);
        return new CommandContext(host, command, arguments);
    }

    /// <summary>Connection string of the database, with the worker's application name.</summary>
    /// <exception cref="UserErrorException">None was given, or it names no database.</exception>
    public NpgsqlConnectionStringBuilder ConnectionString()
    {
        var given = _arguments.GetValue(GlobalOptions.Connection) ?? Configuration.GetConnectionString(Database);
        if (string.IsNullOrWhiteSpace(given))
        {
            throw new UserErrorException(
                $"There is no connection string: give --connection \"Host=…;Database={Database};Username=…;Password=…\" "
                + $"or set ConnectionStrings__{Database}.");
        }

        if (Uri.TryCreate(given, UriKind.Absolute, out var url) && url.Scheme is "postgresql" or "postgres")
        {
            var form = new NpgsqlConnectionStringBuilder
            {
                Host = url.Host,
                Port = url.Port < 0 ? NpgsqlConnection.DefaultPort : url.Port,
                Database = url.AbsolutePath.Length > 1 ? Uri.UnescapeDataString(url.AbsolutePath[1..]) : Database,
                Username = Uri.UnescapeDataString(url.UserInfo.Split(':')[0]),
            };
            throw new UserErrorException($"The connection string is a URL; write it as {form.ConnectionString};Password=…");
        }

        try
        {
            var connection = new NpgsqlConnectionStringBuilder(given);
            connection.Database ??= Database;
            connection.ApplicationName = $"MovieAspire.MigrationWorker {_command}";
            connection.CommandTimeout = 0;
            connection.Pooling = false;
            connection.KeepAlive = KeepAlive;
            connection.IncludeErrorDetail = true;
            return connection;
        }
        catch (Exception e) when (e is ArgumentException or KeyNotFoundException or FormatException)
        {
            throw new UserErrorException($"The connection string cannot be read: {e.Message}", e);
        }
    }

    /// <summary>The settings of a section of the configuration, bound and validated.</summary>
    /// <exception cref="UserErrorException">A setting is invalid.</exception>
    public T Settings<T>(string section)
        where T : class, new()
    {
        var settings = new T();
        try
        {
            // Compose files pass unset variables as empty ones, which count as not set.
            var given = Configuration.GetSection(section).AsEnumerable().Where(setting => !string.IsNullOrEmpty(setting.Value));
            new ConfigurationBuilder().AddInMemoryCollection(given).Build().GetSection(section).Bind(settings);
        }
        catch (InvalidOperationException e)
        {
            // Use the spelling of environment variables.
            throw new UserErrorException(e.Message.Replace($"{section}:", $"{section}__", StringComparison.Ordinal), e);
        }

        var problems = new List<ValidationResult>();
        return Validator.TryValidateObject(settings, new ValidationContext(settings), problems, validateAllProperties: true)
            ? settings
            : throw new UserErrorException(string.Join(' ', problems.Select(problem => problem.ErrorMessage)));
    }

    /// <summary>The configured rights in the database.</summary>
    public DatabaseRights Rights() => new(Settings<RoleOptions>(RoleOptions.Section));

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        _host.Dispose();
    }
}
