using MovieAspire.MigrationWorker.Backups.PgTools;
using MovieAspire.Testing;

namespace MovieAspire.MigrationWorker.Tests.Backups;

public sealed class ServerContainerTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("movieaspire-engine-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [RequiresFact(Testing.Tool.Unix)]
    public async Task Container_is_found_while_others_come_and_go()
    {
        // Docker's answers, where one of the listed containers ends before it is inspected and another has no PostgreSQL.
        var engine = Path.Combine(_folder, "engine");
        ToolScript.Write(
            engine,
            """
            case "$*" in
              ps*) printf 'ended\nweb\nother\nserver\n' ;;
              *' ended'*) echo 'Error: No such object: ended' >&2; exit 1 ;;
              'inspect web') echo '[{"Name":"/web","Config":{"Env":["PATH=/bin"]}}]' ;;
              'inspect other') echo '[{"Name":"/other","Config":{"Env":["PGDATA=/data"]}}]' ;;
              'inspect server') echo '[{"Name":"/moviedb-1","Config":{"Env":["PATH=/bin","PGDATA=/data"]}}]' ;;
              'exec other '*) answer=111 ;;
              'exec server '*) answer=222 ;;
              *) exit 2 ;;
            esac
            if [ -n "$answer" ]; then
              echo "Database system identifier:           $answer"
              printf 'postmaster.pid: %s\n' 1 /data 1700000000 5433 /run
            fi
            """);

        var found = await ServerContainer.FindAsync("222", ["no-such-engine", engine], CancellationToken.None);

        Assert.Equal(new ServerContainer(engine, "server", "moviedb-1", 5433), found);
        Assert.Null(await ServerContainer.FindAsync("333", [engine], CancellationToken.None));
    }
}
