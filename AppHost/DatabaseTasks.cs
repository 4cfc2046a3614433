namespace MovieAspire.AppHost;

/// <summary>What people do with the database by hand in development, each a click on the dashboard. Deployments use the worker's command line.</summary>
internal static class DatabaseTasks
{
    /// <summary>Adds the tasks in run mode; each is started by hand and may be started again.</summary>
    public static void AddTasks(this IResourceBuilder<PostgresDatabaseResource> database)
    {
        if (!database.ApplicationBuilder.ExecutionContext.IsRunMode)
        {
            return;
        }

        database.AddTask("database-status", "status");
        database.AddTask("database-backup", "backup");
        database.AddTask("database-reseed", "seed", "--again");
        database.AddTask("database-rebuild", "recreate");
    }

    private static void AddTask(this IResourceBuilder<PostgresDatabaseResource> database, string name, params string[] arguments) =>
        database.ApplicationBuilder.AddProject<Projects.MigrationWorker>(name)
            .WithArgs(arguments)
            .WithReference(database)
            .WaitFor(database)
            .WithParentRelationship(database.Resource)
            .WithExplicitStart();
}
