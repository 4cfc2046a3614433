using System.Globalization;

namespace MovieAspire.Standalone.Dashboard.Resources;

/// <summary>Says in words why a resource is not up, and where to look.</summary>
public static class Diagnosis
{
    /// <summary>The reasons, the resource's own first; none for one that is as it should be.</summary>
    public static IReadOnlyList<Cause> Of(ResourceSnapshot resource, IReadOnlyList<ResourceSnapshot> all)
    {
        var unmet = resource.State is "Waiting" or "FailedToStart"
            ? resource.Waits
                .Select(wait => (wait.Condition, Target: all.FirstOrDefault(other => other.Name == wait.Resource || other.Service == wait.Resource)))
                .Where(pair => pair.Target is not null && !IsMet(pair.Condition, pair.Target))
                .Select(pair => Unmet(resource, pair.Condition, pair.Target!)).ToList()
            : [];
        if (resource.Tone == StateTone.Bad && !unmet.Exists(cause => cause.IsProblem))
        {
            unmet.Add(new Cause($"{resource.Name} {Failure(resource)}.", resource.Name, IsProblem: true));
        }

        unmet.AddRange(resource.Health.Where(report => report.IsHealthy == false && resource.Tone == StateTone.Warning).Select(report =>
            new Cause($"{resource.Name} is not healthy: the check {report.Name} says {report.Reason ?? "nothing more"}.", resource.Name, IsProblem: true)));
        return unmet;
    }

    private static bool IsMet(WaitCondition condition, ResourceSnapshot target) => condition switch
    {
        WaitCondition.Completed => target.StoppedAt is not null && target.Tone == StateTone.Good,
        WaitCondition.Started => target.Tone is StateTone.Good or StateTone.Warning,
        _ => target.Tone == StateTone.Good && target.Health.All(report => report.IsHealthy == true),
    };

    private static Cause Unmet(ResourceSnapshot resource, WaitCondition condition, ResourceSnapshot target)
    {
        var wish = condition switch
        {
            WaitCondition.Completed => "to complete",
            WaitCondition.Started => "to start",
            _ => "to be healthy",
        };
        var why = target.Tone switch
        {
            StateTone.Bad => $", but {target.Name} {Failure(target)}",
            StateTone.Warning => $", but {target.Name} is not healthy",
            StateTone.Neutral => $", but {target.Name} is not running ({target.State})",
            _ => "",
        };
        var verb = resource.Tone == StateTone.Bad ? "was not started: it needed" : "waits for";
        return new Cause($"{resource.Name} {verb} {target.Name} {wish}{why}.", target.Name, IsProblem: why.Length > 0);
    }

    private static string Failure(ResourceSnapshot resource) => resource.ExitCode is { } code
        ? string.Create(CultureInfo.InvariantCulture, $"ended with exit code {code}")
        : "could not start";
}
