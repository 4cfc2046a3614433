using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http.Features;

namespace MovieAspire.ServiceDefaults;

/// <summary>Puts <see cref="RequestTracing"/> around everything that the application does with a request.</summary>
internal sealed class RequestTracingStartupFilter : IStartupFilter
{
    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        app.Use(async (context, following) =>
        {
            var activity = context.Features.Get<IHttpActivityFeature>()?.Activity;
            if (activity is null || HealthPaths.Contains(context.Request.Path))
            {
                if (activity is not null)
                {
                    UnwantedTraceProcessor.Exclude(activity);
                }

                await following(context);
                return;
            }

            RequestTracing.Begin(activity, context);
            try
            {
                await following(context);
            }
            finally
            {
                RequestTracing.End(activity, context);
            }
        });
        next(app);
    };
}
