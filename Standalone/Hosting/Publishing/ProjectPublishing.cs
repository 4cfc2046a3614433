using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;

namespace MovieAspire.Standalone.Hosting;

/// <summary>What a project is given when it is published instead of run.</summary>
internal static class ProjectPublishing
{
    public static void Configure(IResourceBuilder<ProjectResource> project, bool isWeb)
    {
        project.WithEnvironment(context =>
        {
            var endpoints = project.Resource.Annotations.OfType<EndpointAnnotation>().ToList();
            if (endpoints.Count > 0 && !project.Resource.Annotations.OfType<DisableForwardedHeadersAnnotation>().Any())
            {
                context.EnvironmentVariables["ASPNETCORE_FORWARDEDHEADERS_ENABLED"] = "true";
            }

            // The default https endpoint shares the http one's port behind a proxy that ends TLS.
            if (endpoints.FirstOrDefault(e => e.UriScheme == "http") is { } http)
            {
                context.EnvironmentVariables["HTTP_PORTS"] = new EndpointReference(project.Resource, http).Property(EndpointProperty.TargetPort);
            }
        });
        if (isWeb)
        {
            project.WithEndpoint("http", endpoint => endpoint.UriScheme = "http");
            project.WithEndpoint("https", endpoint => endpoint.UriScheme = "https");
        }
    }
}
