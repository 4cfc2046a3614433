using System.Diagnostics;

namespace MovieAspire.Standalone.Hosting;

/// <summary>A process that ends with the AppHost, together with everything it started.</summary>
internal sealed class ChildProcess : IDisposable
{
    private readonly Process _process;
    private readonly ProcessGuard _guard;
    private readonly string _stopSignal;

    private ChildProcess(Process process, ProcessGuard guard, string stopSignal)
    {
        _process = process;
        _guard = guard;
        _stopSignal = stopSignal;
        Id = process.Id;
        Exited = WaitForExitAsync();
    }

    public int Id { get; }

    /// <summary>The exit code, once the process ended and its output is complete.</summary>
    public Task<int> Exited { get; }

    public static ChildProcess Start(Command command, ProcessGuard guard, Action<string, bool> output)
    {
        var process = new Process { StartInfo = ProcessLauncher.StartInfoOfChild(command), EnableRaisingEvents = true };
        process.OutputDataReceived += (_, line) => Forward(line.Data, isError: false);
        process.ErrorDataReceived += (_, line) => Forward(line.Data, isError: true);
        process.Start();
        guard.Watch(process.Id, command.StopSignal);
        LetGo(process.StandardInput);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return new ChildProcess(process, guard, command.StopSignal);

        void Forward(string? line, bool isError)
        {
            if (line is not null)
            {
                output(line, isError);
            }
        }
    }

    /// <summary>Asks the process to end, and ends it when it has not after <paramref name="grace"/>.</summary>
    public async Task StopAsync(TimeSpan grace)
    {
        if (Exited.IsCompleted)
        {
            return;
        }

        if (_guard.Signal(Id, _stopSignal) && await Task.WhenAny(Exited, Task.Delay(grace)) == Exited)
        {
            return;
        }

        Kill();
        await Exited;
    }

    public void Dispose()
    {
        Kill();
        _process.Dispose();
    }

    // Only when the guard knows of it: an AppHost killed in between would leave it running.
    private static void LetGo(StreamWriter input)
    {
        try
        {
            using (input)
            {
                input.WriteLine();
            }
        }
        catch (IOException)
        {
            // It was killed already, which its exit code tells.
        }
    }

    private void Kill()
    {
        if (!Exited.IsCompleted && !_guard.Signal(Id, "KILL"))
        {
            _process.Kill(entireProcessTree: true);
        }
    }

    private async Task<int> WaitForExitAsync()
    {
        // Not WaitForExitAsync alone: that waits for the end of the output, too, which a grandchild may hold open for ever.
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _process.Exited += (_, _) => ended.TrySetResult();
        if (_process.HasExited)
        {
            ended.TrySetResult();
        }

        await ended.Task;
        // What it started must not outlive it.
        _guard.Signal(Id, "KILL");
        _guard.Forget(Id);
        using var drained = new CancellationTokenSource(TimeSpan.FromSeconds(1));
        try
        {
            await _process.WaitForExitAsync(drained.Token);
        }
        catch (OperationCanceledException)
        {
            // Its last lines are lost to whoever holds the pipe; its exit code is known.
        }

        return _process.ExitCode;
    }
}
