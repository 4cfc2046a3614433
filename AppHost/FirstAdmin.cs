namespace MovieAspire.AppHost;

/// <summary>The account that a newcomer administers films with.</summary>
internal static class FirstAdmin
{
    /// <summary>
    /// Where the application runs from its sources, the worker makes an admin whose password is generated once and kept among the user
    /// secrets. Published files hold no such account: who deploys names the admin, if there is to be one.
    /// </summary>
    public static IResourceBuilder<ProjectResource> WithFirstAdmin(this IResourceBuilder<ProjectResource> worker)
    {
        var application = worker.ApplicationBuilder;
        if (!application.ExecutionContext.IsRunMode)
        {
            return worker;
        }

        return worker
            .WithEnvironment("Admin__Email", application.AddParameter("admin-email", "admin@example.com"))
            .WithEnvironment(
                "Admin__Password",
                application.AddParameter("admin-password", new GenerateParameterDefault { MinLength = 22 }, secret: true, persist: true));
    }
}
