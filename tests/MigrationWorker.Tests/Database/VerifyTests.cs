using System.Text.Json;
using MovieAspire.Testing;

namespace MovieAspire.MigrationWorker.Tests.Database;

public sealed class VerifyTests : IAsyncLifetime
{
    private TestDatabase _database = null!;

    public async Task InitializeAsync() => _database = await SeededDatabase.CreateSmallAsync();

    public async Task DisposeAsync() => await _database.DisposeAsync();

    [Fact]
    public async Task Database_that_the_worker_built_passes_verify()
    {
        var result = await Worker.RunAsync(_database.ConnectionString, "verify");
        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        Assert.Contains("aggregates   exact", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Each_difference_comes_with_the_sql_that_fixes_it()
    {
        (string Change, string Expected)[] changes =
        [
            ("DROP INDEX ix_movies_release_date_id", "index movies.ix_movies_release_date_id is missing"),
            ("CREATE INDEX ix_mine ON movies (budget)", "index movies.ix_mine is extra"),
            ("ALTER TABLE movies ALTER COLUMN distributor TYPE varchar(120)", "column movies.distributor is different"),
            ("ALTER TABLE reviews ALTER COLUMN helpful_count DROP DEFAULT", "column reviews.helpful_count is different"),
            ("ALTER TABLE users ALTER COLUMN display_name DROP NOT NULL", "column users.display_name is different"),
            ("ALTER TABLE movies ADD COLUMN mine text", "column movies.mine is extra"),
            ("ALTER TABLE movies DROP COLUMN imdb_votes", "column movies.imdb_votes is missing"),
            ("ALTER TABLE ratings DROP CONSTRAINT ck_ratings_value", "constraint ratings.ck_ratings_value is missing"),
            ("ALTER TABLE ratings DISABLE TRIGGER ratings_inserted", "trigger ratings.ratings_inserted is different"),
            ("DROP TRIGGER ratings_inserted ON ratings", "trigger ratings.ratings_inserted is missing"),
            ("CREATE OR REPLACE FUNCTION touch_row() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$",
             "function touch_row() is different"),
            ("ALTER COLLATION case_insensitive RENAME TO other", "collation case_insensitive is missing"),
            ("CREATE TABLE mine (id bigint)", "table mine is extra"),
            ("DROP TABLE idempotency_keys", "table idempotency_keys is missing"),
            ("DROP TABLE cache_evictions", "table cache_evictions is missing"),
        ];
        foreach (var (change, expected) in changes)
        {
            await Sql.ExecuteAsync(_database.ConnectionString, change);
            var found = await FindAsync();
            Assert.Contains(expected, found.Select(drift => drift.Problem));
            await FixAsync(found);

            // What this superuser made anew belongs to the superuser.
            if (await FindAsync() is { Count: > 0 } left)
            {
                await FixAsync(left);
                Assert.Empty(await FindAsync());
            }
        }
    }

    [Fact]
    public async Task Whatever_changes_what_a_statement_does_is_drift()
    {
        await PostgresServer.ExecuteAsync(
            """
            DO $$ BEGIN CREATE ROLE movieaspire_test_stranger; EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$
            """);
        (string Change, string Expected)[] changes =
        [
            ("CREATE RULE nothing AS ON INSERT TO ratings DO INSTEAD NOTHING", "rule ratings.nothing is extra"),
            ("ALTER TABLE ratings ENABLE ROW LEVEL SECURITY", "table ratings is different"),
            ("ALTER TABLE reviews FORCE ROW LEVEL SECURITY", "table reviews is different"),
            ("CREATE POLICY high ON favorites USING (movie_id > 3)", "policy favorites.high is extra"),
            ("ALTER TABLE review_votes SET UNLOGGED", "table review_votes is different"),
            ("ALTER TABLE cache_evictions SET LOGGED", "table cache_evictions is different"),
            ("CREATE SCHEMA other; CREATE TABLE other.more () INHERITS (genres)", "table genres is different"),
            ("CREATE TABLE other.notes (movie bigint CONSTRAINT fk REFERENCES movies)", "reference other.notes.fk is extra"),
            ("ALTER TABLE movie_genres DISABLE TRIGGER ALL", "constraint movie_genres.fk_movie_genres_movies_movie_id is different"),
            ("CREATE TRIGGER mine BEFORE INSERT ON ratings FOR EACH ROW EXECUTE FUNCTION touch_row()", "trigger ratings.mine is extra"),
            ("CREATE OR REPLACE TRIGGER reviews_version BEFORE DELETE ON reviews FOR EACH ROW EXECUTE FUNCTION touch_row()",
                "trigger reviews.reviews_version is different"),
            ("CREATE FUNCTION mine() RETURNS integer LANGUAGE sql AS 'SELECT 1'", "function mine() is extra"),
            ("CREATE PROCEDURE mine_too() LANGUAGE sql AS 'SELECT 1'", "procedure mine_too() is extra"),
            ("CREATE VIEW films AS SELECT title FROM movies", "view films is extra"),
            ("CREATE MATERIALIZED VIEW kept AS SELECT 1 AS one", "materialized view kept is extra"),
            ("CREATE TYPE mood AS ENUM ('good')", "type mood is extra"),
            ("CREATE DOMAIN small AS integer", "type small is extra"),
            ("CREATE SEQUENCE numbers", "sequence numbers is extra"),
            ("ALTER TABLE user_claims OWNER TO movieaspire_test_stranger", "owner of table user_claims is different"),
            ("ALTER FUNCTION touch_row() OWNER TO movieaspire_test_stranger", "owner of function touch_row() is different"),
            ("GRANT SELECT, INSERT ON users TO PUBLIC", "right of PUBLIC to INSERT, SELECT on table users is extra"),
            ("GRANT UPDATE (name) ON genres TO PUBLIC", "right of PUBLIC to UPDATE on table genres is extra"),
            ($"REVOKE INSERT ON roles FROM {DatabaseOwner.Role}", $"right of {DatabaseOwner.Role} to INSERT on table roles is missing"),
            ("REVOKE EXECUTE ON FUNCTION settled_movie_changes() FROM PUBLIC",
                "right of PUBLIC to EXECUTE on function settled_movie_changes() is missing"),
            ("ALTER SEQUENCE reviews_id_seq INCREMENT BY -1 MINVALUE -5 CYCLE", "column reviews.id is different"),
        ];
        foreach (var (change, _) in changes)
        {
            await Sql.ExecuteAsync(_database.ConnectionString, change);
        }

        var found = await FindAsync();
        Assert.All(changes, change => Assert.Contains(change.Expected, found.Select(drift => drift.Problem)));
        await FixAsync(found);
        Assert.Empty(await FindAsync());
    }

    [Fact]
    public async Task Rights_of_others_and_added_extensions_are_no_drift()
    {
        await Sql.ExecuteAsync(
            _database.ConnectionString,
            """
            CREATE EXTENSION citext;
            GRANT ALL ON ratings TO pg_monitor;
            GRANT SELECT (title) ON movies TO pg_monitor;
            """);
        Assert.Empty(await FindAsync());
    }

    [Fact]
    public async Task Fix_keeps_the_rows_or_says_how_many_it_loses()
    {
        (string Change, string Expected)[] changes =
        [
            ("ALTER TABLE genres ALTER COLUMN id SET GENERATED ALWAYS", "ALTER TABLE genres ALTER COLUMN id SET GENERATED BY DEFAULT"),
            ("ALTER TABLE reviews ALTER COLUMN id DROP IDENTITY", "ALTER TABLE reviews ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY"),
            ("ALTER TABLE movies RENAME COLUMN director TO maker", "RENAME COLUMN maker TO director; -- if it is that column"),
            ("ALTER TABLE favorites RENAME TO favourites", "ALTER TABLE favourites RENAME TO favorites;"),
            ("ALTER TABLE reviews RENAME CONSTRAINT ck_reviews_helpful_count TO mine", "RENAME CONSTRAINT mine TO ck_reviews_helpful_count;"),
            ("ALTER INDEX ix_movies_release_date_id RENAME TO mine", "ALTER INDEX mine RENAME TO ix_movies_release_date_id;"),
            ("ALTER TRIGGER reviews_version ON reviews RENAME TO mine", "ALTER TRIGGER mine ON reviews RENAME TO reviews_version;"),
            ("ALTER TABLE movies ADD COLUMN mine text DEFAULT 'x'", "DROP COLUMN mine; -- loses 160 rows of movies.mine"),
            ("CREATE TABLE \"My own\" AS SELECT 1 AS one", "DROP TABLE \"My own\"; -- loses 1 row of My own"),
            ("ALTER TABLE movies DROP CONSTRAINT ck_movies_imdb_rating, ALTER imdb_rating TYPE numeric(4,2)",
                "-- changes the value in 2 rows of movies.imdb_rating"),
            ("UPDATE movies SET imdb_rating = 7.25 WHERE id <= 21", "ADD CONSTRAINT ck_movies_imdb_rating"),
            ("ALTER TABLE movies DROP CONSTRAINT ck_movies_imdb_votes, ALTER imdb_votes TYPE text",
                "TYPE integer USING imdb_votes::integer; -- changes the value in 0 rows"),
            ("ALTER TABLE movie_stats ALTER score DROP EXPRESSION", "-- loses 160 rows of movie_stats.score"),
            ("""
             ALTER TABLE movie_stats DROP COLUMN rating_count,
                ADD COLUMN rating_count integer GENERATED ALWAYS AS (1) STORED NOT NULL
             """, "-- loses 0 rows of movie_stats.rating_count: its values are computed"),
            ("ALTER TABLE movies ALTER COLUMN distributor SET DEFAULT 'nobody'", "ALTER COLUMN distributor DROP DEFAULT;"),
        ];
        foreach (var (change, _) in changes)
        {
            await Sql.ExecuteAsync(_database.ConnectionString, change);
        }

        var found = await FindAsync();
        Assert.All(changes, change => Assert.Contains(found, drift => drift.Fix.Contains(change.Expected, StringComparison.Ordinal)));
        Assert.All(
            found.Where(drift => drift.Fix.Contains("DROP COLUMN", StringComparison.Ordinal)
                || drift.Fix.Contains("DROP TABLE", StringComparison.Ordinal)),
            drift => Assert.Contains("; -- loses ", drift.Fix, StringComparison.Ordinal));
        await FixAsync(found);
        Assert.Empty(await FindAsync());
        await Rows.AddReviewAsync(_database.ConnectionString, 1, await Rows.AddUserAsync(_database.ConnectionString));
    }

    [Fact]
    public async Task Column_that_may_be_one_of_two_is_not_dropped()
    {
        await Sql.ExecuteAsync(
            _database.ConnectionString, "ALTER TABLE movies RENAME COLUMN imdb_votes TO votes; ALTER TABLE movies ADD COLUMN other integer");
        var found = await FindAsync();
        Assert.Contains(("column movies.imdb_votes is missing",
            "-- movies.imdb_votes may be movies.other or movies.votes by now: look, then rename"), found);
        Assert.DoesNotContain(found, drift => drift.Fix.Contains("DROP COLUMN", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("status", "--check", "--json")]
    [InlineData("verify", "--json")]
    public async Task What_a_newer_build_made_is_not_offered_to_be_dropped(params string[] command)
    {
        await Sql.ExecuteAsync(
            _database.ConnectionString,
            "ALTER TABLE movies ADD COLUMN newer text; INSERT INTO \"__EFMigrationsHistory\" VALUES ('29991231000000_Newer', '11.0.0')");
        var result = await Worker.RunAsync(_database.ConnectionString, command);
        Assert.Equal(1, result.ExitCode);
        Assert.Contains("29991231000000_Newer", result.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("DROP", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Verify_finds_wrong_counts_changed_migrations_and_unchecked_constraints()
    {
        await Sql.ExecuteAsync(
            _database.ConnectionString,
            """
            UPDATE movie_stats SET favorite_count = favorite_count + 1 WHERE movie_id = 1;
            UPDATE applied_migrations SET checksum = 'another';
            ALTER TABLE ratings DROP CONSTRAINT ck_ratings_value;
            ALTER TABLE ratings ADD CONSTRAINT ck_ratings_value CHECK (value BETWEEN 1 AND 10) NOT VALID;
            """);
        var result = await Worker.RunAsync(_database.ConnectionString, "verify", "--json");
        Assert.Equal(1, result.ExitCode);
        var json = JsonDocument.Parse(result.Output).RootElement;
        Assert.Contains("movie_stats.favorite_count of 1", json.GetProperty("aggregates")[0].GetString(), StringComparison.Ordinal);
        Assert.Contains("was changed after it was applied", json.GetProperty("migrations")[0].GetString(), StringComparison.Ordinal);
        Assert.Contains("VALIDATE CONSTRAINT ck_ratings_value", json.GetProperty("invalid")[0].GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("DROP INDEX ix_movies_release_date_id", "index movies.ix_movies_release_date_id is missing")]
    [InlineData("DELETE FROM applied_migrations", "20261121210000_Initial was applied by another tool")]
    [InlineData(
        "UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'ix_movies_release_date_id'::regclass",
        "index ix_movies_release_date_id is invalid")]
    [InlineData("DO $$ BEGIN PERFORM setval('users_id_seq', 3); END $$", "identity users.id draws keys that are taken")]
    [InlineData(
        "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET session_replication_role = replica', current_database()); END $$",
        "setting session_replication_role=replica switches triggers and foreign keys off")]
    [InlineData("ALTER TABLE ratings ENABLE ROW LEVEL SECURITY", "table ratings is different")]
    [InlineData("GRANT SELECT ON users TO PUBLIC", "right of PUBLIC to SELECT on table users is extra")]
    public async Task Status_and_verify_agree_and_up_warns(string change, string expected)
    {
        await Sql.ExecuteAsync(_database.ConnectionString, change);
        Assert.Equal(1, (await Worker.RunAsync(_database.ConnectionString, "status", "--check")).ExitCode);
        Assert.Equal(1, (await Worker.RunAsync(_database.ConnectionString, "verify")).ExitCode);
        var up = await Worker.RunAsync(_database.ConnectionString, "up");
        Assert.Equal((0, "Up to date: nothing to do."), (up.ExitCode, up.Output.Trim()));
        Assert.StartsWith($"warning: The database is not what this build expects: {expected}", up.Error, StringComparison.Ordinal);
        Assert.Single(up.Error.Trim().Split('\n'));
    }

    [Fact]
    public async Task Status_tells_what_is_pending_and_what_a_newer_build_did()
    {
        await using var empty = await TestDatabase.CreateAsync();
        var pending = await Worker.RunAsync(empty.ConnectionString, "status", "--check", "--json");
        Assert.Equal(1, pending.ExitCode);
        Assert.NotEmpty(JsonDocument.Parse(pending.Output).RootElement.GetProperty("pending").EnumerateArray());

        var current = await Worker.RunAsync(_database.ConnectionString, "status", "--check");
        Assert.Equal(0, current.ExitCode);
        Assert.Contains("Up to date.", current.Output, StringComparison.Ordinal);

        await Sql.ExecuteAsync(
            _database.ConnectionString, "INSERT INTO \"__EFMigrationsHistory\" VALUES ('29991231000000_Newer', '11.0.0')");
        var newer = await Worker.RunAsync(_database.ConnectionString, "status");
        Assert.Contains("unknown to this build 29991231000000_Newer", newer.Output, StringComparison.Ordinal);
    }

    private async Task<IReadOnlyList<(string Problem, string Fix)>> FindAsync()
    {
        var result = await Worker.RunAsync(_database.ConnectionString, "status", "--json");
        Assert.True(result.ExitCode == 0, result.Error);
        return
        [
            .. JsonDocument.Parse(result.Output).RootElement.GetProperty("drift").EnumerateArray().Select(drift => (
                $"{drift.GetProperty("object").GetString()} is {drift.GetProperty("problem").GetString()}",
                drift.GetProperty("fix").GetString()!)),
        ];
    }

    private async Task FixAsync(IEnumerable<(string Problem, string Fix)> found)
    {
        foreach (var (_, fix) in found)
        {
            await Sql.ExecuteAsync(_database.ConnectionString, fix);
        }
    }
}
