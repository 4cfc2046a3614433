using System.Diagnostics;
using OpenTelemetry;

namespace MovieAspire.ServiceDefaults;

/// <summary>Keeps from the exporter what was done for a request that is not traced, such as a health check's SQL.</summary>
internal sealed class UnwantedTraceProcessor : BaseProcessor<Activity>
{
    private const string Unwanted = "unwanted";

    /// <summary>Marks the activity and all below it as not worth a trace.</summary>
    public static void Exclude(Activity activity) => activity.SetCustomProperty(Unwanted, true);

    public override void OnEnd(Activity data)
    {
        for (var activity = data; activity is not null; activity = activity.Parent)
        {
            if (activity.GetCustomProperty(Unwanted) is not null)
            {
                data.ActivityTraceFlags &= ~ActivityTraceFlags.Recorded;
                return;
            }
        }
    }
}
