namespace MovieAspire.AppHost;

/// <summary>The commands by which an engine asks a container for its health.</summary>
internal static class HealthCommands
{
    /// <summary>Over TCP, since the server of the image's first start, which is not open to others yet, listens on a socket only.</summary>
    public static readonly string[] Postgres = ["pg_isready", "--host=127.0.0.1", "--username=postgres"];

    /// <summary>In bash, since the .NET images hold neither curl nor wget. Compose reads a doubled dollar sign as one.</summary>
    public static readonly string[] Http =
    [
        "bash", "-c",
        """exec 3<>/dev/tcp/127.0.0.1/$${HTTP_PORTS%%;*} && printf 'GET /health HTTP/1.0\r\nHost: localhost\r\n\r\n' >&3 && read -r -t 4 _ status _ <&3 && [ "$$status" = 200 ]""",
    ];
}
