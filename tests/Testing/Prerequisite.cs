using System.Collections.Concurrent;
using System.ComponentModel;
using Xunit;

namespace MovieAspire.Testing;

/// <summary>A program that some tests need and that a developer's machine may lack.</summary>
public enum Tool
{
    /// <summary>A running Docker engine, with Compose.</summary>
    Docker,

    /// <summary>A Docker engine with the image <see cref="Prerequisite.PostgresImage"/>.</summary>
    PostgresImage,

    /// <summary>Git, and a clone in which the tests were built.</summary>
    Git,

    /// <summary>Node.js with npm.</summary>
    Npm,

    /// <summary>The command-line client for HTTP.</summary>
    Curl,

    /// <summary>PostgreSQL's command-line client.</summary>
    Psql,

    /// <summary>The linter of shell scripts.</summary>
    Shellcheck,

    /// <summary>The web server, as a reverse proxy.</summary>
    Nginx,

    /// <summary>PgBouncer, the pooler.</summary>
    PgBouncer,

    /// <summary>OpenSSH, client and server.</summary>
    OpenSsh,

    /// <summary>The program that copies folders to other machines.</summary>
    Rsync,

    /// <summary>Chromium, or a browser of its kind.</summary>
    Browser,

    /// <summary>Shell scripts, file modes and signals, which Windows lacks.</summary>
    Unix,

    /// <summary>Linux, with its signals, <c>/proc</c> and mounts for one process.</summary>
    Linux,
}

/// <summary>A test that needs tools. If one is missing, it is skipped with the reason; in CI it fails.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class RequiresFactAttribute : FactAttribute
{
    public RequiresFactAttribute(params Tool[] tools) => Skip = Prerequisite.Missing(tools);
}

/// <inheritdoc cref="RequiresFactAttribute"/>
[AttributeUsage(AttributeTargets.Method)]
public sealed class RequiresTheoryAttribute : TheoryAttribute
{
    public RequiresTheoryAttribute(params Tool[] tools) => Skip = Prerequisite.Missing(tools);
}

/// <summary>Checks which tools are missing.</summary>
public static class Prerequisite
{
    /// <summary>Newer than the PostgreSQL of most machines.</summary>
    public const string PostgresImage = "postgres:17";

    /// <summary>The browser of tests; null if there is none.</summary>
    public static string? Browser => Environment.GetEnvironmentVariable("CHROMIUM_PATH")
        // Takes less than half of the processor time of the whole browser.
        ?? OnPath("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome.exe", "msedge.exe");

    /// <summary>nginx; null if there is none. On Debian its folder is on the PATH of administrators only.</summary>
    public static string? Nginx => OnPath("nginx") ?? (File.Exists(NginxOfDebian) ? NginxOfDebian : null);

    private const string NginxOfDebian = "/usr/sbin/nginx";

    private static readonly ConcurrentDictionary<Tool, bool> Found = new();

    /// <summary>Why a test that needs these tools is skipped; null if it runs, as it always does in CI.</summary>
    public static string? Missing(params IEnumerable<Tool> tools) =>
        string.IsNullOrEmpty(Environment.GetEnvironmentVariable("CI"))
            ? tools.Where(tool => !Found.GetOrAdd(tool, IsThere)).Select(Remedy).FirstOrDefault()
            : null;

    /// <summary>Why a test that needs something other than a <see cref="Tool"/> is skipped; null if it runs.</summary>
    public static string? Missing(Func<bool> isThere, string remedy) =>
        !string.IsNullOrEmpty(Environment.GetEnvironmentVariable("CI")) || isThere() ? null : remedy;

    /// <summary>Whether the command exists and succeeds.</summary>
    public static bool Succeeds(string program, params IEnumerable<string> arguments)
    {
        try
        {
            return Cli.RunAsync(program, arguments).GetAwaiter().GetResult().ExitCode == 0;
        }
        catch (Win32Exception)
        {
            return false;
        }
    }

    /// <summary>The first of these programs on the PATH.</summary>
    public static string? OnPath(params IEnumerable<string> names) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
            .SelectMany(folder => names.Select(name => Path.Combine(folder, name)))
            .FirstOrDefault(File.Exists);

    private static bool IsThere(Tool tool) => tool switch
    {
        Tool.Docker => Succeeds("docker", "compose", "ls"),
        Tool.PostgresImage => Succeeds("docker", "image", "inspect", PostgresImage),
        Tool.Git => Succeeds("git", "-C", Repository.Root, "rev-parse"),
        Tool.Npm => OnPath("npm", "npm.cmd") is not null,
        Tool.Curl => OnPath("curl") is not null,
        Tool.Psql => OnPath("psql", "psql.exe") is not null,
        Tool.Shellcheck => Succeeds("shellcheck", "--version"),
        Tool.Nginx => Nginx is not null,
        Tool.PgBouncer => OnPath("pgbouncer") is not null,
        Tool.OpenSsh => File.Exists(SshServer.Program) && OnPath("ssh") is not null,
        Tool.Rsync => OnPath("rsync") is not null,
        Tool.Browser => Browser is not null,
        Tool.Unix => !OperatingSystem.IsWindows(),
        Tool.Linux => OperatingSystem.IsLinux(),
        _ => throw new ArgumentOutOfRangeException(nameof(tool), tool, null),
    };

    private static string Remedy(Tool tool) => tool switch
    {
        Tool.Docker => "No Docker engine answers: start one to run the container tests.",
        Tool.PostgresImage => $"No Docker engine has the image {PostgresImage}: docker pull {PostgresImage}",
        Tool.Git => "This is no clone of Git, or Git is missing.",
        Tool.Npm => "Node.js and npm are missing ('apt-get install nodejs npm' on Debian).",
        Tool.Curl => "curl is missing: install the package of that name.",
        Tool.Psql => "psql is missing ('apt-get install postgresql-client' on Debian).",
        Tool.Shellcheck => "shellcheck is missing: install the package of that name.",
        Tool.Nginx => "nginx is missing ('apt-get install nginx-light' on Debian).",
        Tool.PgBouncer => "PgBouncer is missing: install the package pgbouncer.",
        Tool.OpenSsh => "OpenSSH is missing: install the package openssh-server.",
        Tool.Rsync => "rsync is missing: install the package of that name.",
        Tool.Browser => "Chromium or Chrome is missing ('apt-get install chromium-headless-shell' on Debian), or CHROMIUM_PATH names none.",
        Tool.Unix => "Windows has no shell scripts, file modes or signals.",
        Tool.Linux => "The test needs /proc or mounts of its own, which only Linux has.",
        _ => throw new ArgumentOutOfRangeException(nameof(tool), tool, null),
    };
}
