using System.Diagnostics;
using System.Globalization;
using MovieAspire.Testing;
using Xunit.Abstractions;

namespace MovieAspire.MigrationWorker.Tests.Faults;

/// <summary>
/// Strikes every phase of a database's life at moments drawn by chance: the worker is killed, its connections are cut, or the server
/// stops at once and starts again. <c>MOVIEASPIRE_FAULTS</c> sets how often in all, on databases with the whole seed (120 or more is the long form);
/// unless given, once for each phase, on databases with its movies only.
/// </summary>
public sealed class RandomFaultTests(ITestOutputHelper output)
{
    private static readonly string? Faults = Environment.GetEnvironmentVariable("MOVIEASPIRE_FAULTS");
    private static readonly TimeSpan FirstGuess = TimeSpan.FromSeconds(Faults is null ? 1 : 2);
    private readonly Dictionary<string, int> _strikes = [];

    [Fact]
    public async Task Faults_lose_and_repeat_nothing_and_the_next_run_finishes_the_work()
    {
        await using var scene = await FaultScene.CreateAsync(Faults is null ? "movies" : "demo");
        var phases = await new FaultPhases(scene).AllAsync();
        var faults = Faults is null ? phases.Count : int.Parse(Faults, CultureInfo.InvariantCulture);
        var durations = phases.ToDictionary(phase => phase, _ => FirstGuess);
        for (var (done, visit) = (0, 0); done < faults; visit++)
        {
            var phase = phases[visit % phases.Count];
            await using var database = await scene.CreateDatabaseAsync(phase.Template);

            // The first time around each is struck once before it may finish, then twice, then three times.
            for (var strike = 0; strike <= visit / phases.Count % 3 && done < faults; strike++, done++)
            {
                await StrikeAsync(scene, phase, database, durations[phase] * Random.Shared.NextDouble());
                await phase.CheckAfterFault(database.ConnectionString);
            }

            var clock = Stopwatch.StartNew();
            var last = await Worker.RunAsync(database.ConnectionString, phase.Command);
            durations[phase] = clock.Elapsed;
            Assert.True(last.ExitCode == 0, $"{phase.Command[0]}: {last.Output}{last.Error}");
            await phase.CheckAtEnd(database.ConnectionString);
        }

        foreach (var (what, count) in _strikes.OrderBy(pair => pair.Key))
        {
            output.WriteLine($"{what}: {count}");
        }
    }

    private async Task StrikeAsync(FaultScene scene, FaultPhase phase, FaultDatabase database, TimeSpan after)
    {
        using var victim = Worker.Start(database.ConnectionString, phase.Command);
        var finish = victim.FinishAsync();
        // Not to wait for something, but to strike at a moment that chance chooses.
        await Task.WhenAny(finish, Task.Delay(after));
        var living = victim.HasExited ? "too late" : "in time";
        var fault = (Fault)Random.Shared.Next(OperatingSystem.IsWindows() ? 2 : 3);
        switch (fault)
        {
            case Fault.Killed:
                victim.Kill();
                break;
            case Fault.Cut:
                await scene.CutConnectionsAsync();
                break;
            default:
                await scene.RestartAsync();
                break;
        }

        var result = await finish;
        Assert.True(
            result.ExitCode is 0 or > 2 || result.LastErrorLine.StartsWith("error: ", StringComparison.Ordinal),
            $"{phase.Command[0]} {fault}: {result.Error}");
        var what = $"{phase.Command[0]}, {fault}, {living}";
        _strikes[what] = _strikes.GetValueOrDefault(what) + 1;
    }

    private enum Fault
    {
        Killed,
        Cut,
        Restarted,
    }
}
