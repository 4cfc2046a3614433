using System.Globalization;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;

namespace MovieAspire.Standalone.Hosting;

/// <summary>Knows how each kind of resource runs. Kinds without a running side, such as parameters, have no instance.</summary>
internal sealed class RunnableFactory(SupervisorServices services)
{
    public IEnumerable<ResourceInstance> Create(IResource resource)
    {
        switch (resource)
        {
            case ProjectResource project:
                var replicas = project.Annotations.OfType<ReplicaAnnotation>().LastOrDefault()?.Replicas ?? 1;
                for (var replica = 0; replica < replicas; replica++)
                {
                    var id = replicas == 1 ? project.Name : string.Create(CultureInfo.InvariantCulture, $"{project.Name}-{replica + 1}");
                    yield return new ResourceInstance(project, id, new ProjectRunnable(project, id, replica, services), services);
                }

                break;
            case PostgresServerResource server:
                yield return new ResourceInstance(server, server.Name, new PostgresRunnable(server, services), services);
                break;
            case PostgresDatabaseResource database:
                yield return new ResourceInstance(database, database.Name, new PostgresDatabaseRunnable(database), services);
                break;
            case ContainerResource container:
                throw new DistributedApplicationException(
                    $"The stand-in host cannot run the container '{container.Name}'. Build with Aspire's packages (-p:AspirePackages=true), or add it in publish mode only.");
        }
    }
}
