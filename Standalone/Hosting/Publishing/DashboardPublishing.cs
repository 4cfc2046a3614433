using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Docker;

namespace MovieAspire.Standalone.Hosting;

/// <summary>Adds the dashboard to what is published, and tells the projects to send their telemetry there.</summary>
internal static class DashboardPublishing
{
    public static void AddTo(DistributedApplicationModel model)
    {
        foreach (var environment in model.Resources.OfType<DockerComposeEnvironmentResource>().Where(e => e.DashboardEnabled).ToList())
        {
            var dashboard = new DockerComposeAspireDashboardResource($"{environment.Name}-dashboard");
            foreach (var project in model.Resources.OfType<ProjectResource>())
            {
                project.Annotations.Add(new EnvironmentCallbackAnnotation(context =>
                {
                    context.EnvironmentVariables["OTEL_EXPORTER_OTLP_ENDPOINT"] = dashboard.OtlpGrpcEndpoint;
                    context.EnvironmentVariables["OTEL_EXPORTER_OTLP_PROTOCOL"] = "grpc";
                    context.EnvironmentVariables["OTEL_SERVICE_NAME"] = project.Name;
                }));
            }

            model.Resources.Add(dashboard);
        }
    }
}
