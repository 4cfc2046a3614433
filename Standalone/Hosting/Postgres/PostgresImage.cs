using System.Globalization;
using Aspire.Hosting.ApplicationModel;

namespace MovieAspire.Standalone.Hosting;

/// <summary>Facts of the official image, https://hub.docker.com/_/postgres.</summary>
internal static class PostgresImage
{
    /// <summary>Where a volume belongs: from tag 18 on the image keeps its data in a folder of its major version below it.</summary>
    public static string DataPath(PostgresServerResource server)
    {
        var tag = server.Annotations.OfType<ContainerImageAnnotation>().Last().Tag ?? "latest";
        var major = tag.Split('.', '-')[0];
        return int.TryParse(major, CultureInfo.InvariantCulture, out var number) && number < 18 ? "/var/lib/postgresql/data" : "/var/lib/postgresql";
    }
}
