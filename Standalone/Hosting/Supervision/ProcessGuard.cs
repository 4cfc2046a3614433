using System.Diagnostics;

namespace MovieAspire.Standalone.Hosting;

/// <summary>
/// A tiny shell process that holds a pipe from the AppHost. When the pipe closes, however the AppHost ended, it stops the
/// processes that it was told of. It also sends the signals that .NET offers no way to send.
/// </summary>
internal sealed class ProcessGuard : IDisposable
{
    // Signals go to the whole group, which each child leads (ProcessLauncher), and to the process alone where it leads none.
    private const string Script = """
        trap '' INT HUP QUIT TERM
        signal() { kill -s "$1" -- "-$2" 2>/dev/null || kill -s "$1" "$2" 2>/dev/null; }
        alive() { for child in $children; do signal 0 "${child%%:*}" && return 0; done; return 1; }
        children=
        while read -r verb pid name; do
          case $verb in
            +) children="$children $pid:$name" ;;
            -) rest=; for child in $children; do [ "${child%%:*}" = "$pid" ] || rest="$rest $child"; done; children=$rest ;;
            !) signal "$name" "$pid" ;;
          esac
        done
        for child in $children; do signal "${child#*:}" "${child%%:*}"; done
        tries=0
        while [ $tries -lt 30 ] && alive; do sleep 0.1; tries=$((tries + 1)); done
        for child in $children; do signal KILL "${child%%:*}"; done
        """;

    private readonly Lock _lock = new();
    private readonly Process? _shell;

    public ProcessGuard()
    {
        // Windows ends with Process.Kill; what a killed AppHost leaves there is found by the next start (Standalone/README.md).
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        var start = new ProcessStartInfo("/bin/sh") { RedirectStandardInput = true, UseShellExecute = false, WorkingDirectory = "/" };
        start.ArgumentList.Add("-c");
        start.ArgumentList.Add(Script);
        _shell = Process.Start(start)!;
    }

    /// <summary>From now on the process is stopped by <paramref name="signal"/> when the AppHost is gone.</summary>
    public void Watch(int processId, string signal) => Send($"+ {processId} {signal}");

    public void Forget(int processId) => Send($"- {processId}");

    /// <returns>False where signals cannot be sent.</returns>
    public bool Signal(int processId, string signal) => Send($"! {processId} {signal}");

    public void Dispose()
    {
        if (_shell is null)
        {
            return;
        }

        lock (_lock)
        {
            _shell.StandardInput.Close();
        }

        _shell.WaitForExit(TimeSpan.FromSeconds(4));
        _shell.Dispose();
    }

    private bool Send(string line)
    {
        lock (_lock)
        {
            try
            {
                _shell?.StandardInput.Write(line + "\n");
                _shell?.StandardInput.Flush();
                return _shell is { HasExited: false };
            }
            catch (Exception exception) when (exception is IOException or ObjectDisposedException)
            {
                return false; // Somebody killed the guard; the caller has other means.
            }
        }
    }
}
