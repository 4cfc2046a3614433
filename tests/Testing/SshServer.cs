using System.Diagnostics;
using System.Net.Sockets;

namespace MovieAspire.Testing;

/// <summary>An OpenSSH server of one test on the loopback address, which accepts this user with its own key. Not on Windows.</summary>
public sealed class SshServer : IAsyncDisposable
{
    /// <summary>The server. It must be started by its full path.</summary>
    public const string Program = "/usr/sbin/sshd";

    private readonly DirectoryInfo _folder;
    private readonly Process _process;
    private readonly int _port;

    private SshServer(DirectoryInfo folder, Process process, int port) => (_folder, _process, _port) = (folder, process, port);

    /// <summary>The user and host for <c>ssh</c> and <c>rsync</c>.</summary>
    public static string Address => $"{Environment.UserName}@127.0.0.1";

    /// <summary>The client's command with its key, without the user's own settings. rsync takes it in <c>RSYNC_RSH</c>.</summary>
    public string Client =>
        $"ssh -F none -p {_port} -i {In("key")} -o BatchMode=yes -o UserKnownHostsFile={In("known_hosts")} -o GlobalKnownHostsFile=none";

    public static async Task<SshServer> StartAsync()
    {
        var folder = Directory.CreateTempSubdirectory("movieaspire-ssh-");
        string In(string name) => Path.Combine(folder.FullName, name);
        foreach (var key in new[] { "host", "key" })
        {
            (await Cli.RunAsync("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", In(key))).EnsureSuccess("ssh-keygen");
        }

        var port = FreePort.Find();
        await File.WriteAllTextAsync(In("known_hosts"), $"[127.0.0.1]:{port} {await File.ReadAllTextAsync(In("host.pub"))}");
        await File.WriteAllTextAsync(In("config"), $"""
            ListenAddress 127.0.0.1
            Port {port}
            HostKey {In("host")}
            AuthorizedKeysFile {In("key.pub")}
            AuthenticationMethods publickey
            PermitRootLogin prohibit-password
            StrictModes no
            UsePAM no
            PidFile none
            """);
        if (Environment.IsPrivilegedProcess)
        {
            // The service creates this folder, to which the server confines its children, but it may never have run.
            Directory.CreateDirectory("/run/sshd");
        }

        var process = Process.Start(Cli.Command(Program, "-D", "-e", "-f", In("config")))!;
        process.OutputDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        var log = process.StandardError.ReadToEndAsync();
        var server = new SshServer(folder, process, port);
        try
        {
            await Eventually.SucceedsAsync(async () =>
            {
                if (process.HasExited)
                {
                    throw new InvalidOperationException($"sshd has ended: {await log}");
                }

                using var client = new TcpClient();
                await client.ConnectAsync("127.0.0.1", port);
            });
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }

        return server;
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
        _folder.Delete(recursive: true);
    }

    private string In(string name) => Path.Combine(_folder.FullName, name);
}
