using static MovieAspire.MigrationWorker.Fixtures.FixtureType;

namespace MovieAspire.MigrationWorker.Fixtures;

/// <summary>The tables that fixtures hold.</summary>
internal static class FixtureTables
{
    private const string Now = "now()";
    private static readonly FixtureColumn CreatedAt = new("created_at", Timestamp, Now) { IsBookkeeping = true };
    private static readonly FixtureColumn UpdatedAt = new("updated_at", Timestamp, Now) { IsBookkeeping = true };
    private static readonly FixtureColumn Version = new("version", Integer, "1") { IsBookkeeping = true };

    // Leaves room for increments: at the end of the range, every later change would fail.
    private static readonly (string Broken, string Reason) VersionRule = (
        "version NOT BETWEEN 1 AND 1000000000", "version is not from 1 to 1000000000");

    /// <summary>All tables, each after the tables that it references: the order of a dump.</summary>
    public static readonly IReadOnlyList<FixtureTable> All =
    [
        new("genres") { Columns = [new("name", Text) { IsLine = true }], Key = ["name"], HasId = true },
        new("movies")
        {
            Columns =
            [
                new("title", Text) { IsLine = true }, new("release_date", Date), new("runtime_minutes", Integer), new("mpaa_rating", Text),
                new("director", Text), new("distributor", Text), new("budget", BigInt),
                new("domestic_gross", BigInt), new("worldwide_gross", BigInt),
                new("imdb_rating", Numeric), new("imdb_votes", Integer),
                new("imdb_id", Text), new("tmdb_id", Integer), CreatedAt, UpdatedAt, Version,
            ],
            Key = ["title", "release_date"],
            AlsoUnique = ["imdb_id", "tmdb_id"],
            Rules = [VersionRule],
            HasId = true,
        },
        new("movie_genres") { References = [FixtureReference.Movie, FixtureReference.Genre] },
        new("roles")
        {
            Columns = [new("normalized_name", Text) { UpperCaseOf = "name" }, new("name", Text), ConcurrencyStamp],
            Key = ["normalized_name"],
            HasId = true,
        },
        new("role_claims")
        {
            References = [FixtureReference.Role],
            Columns = [new("claim_type", Text), new("claim_value", Text)],
            Key = ["claim_type", "claim_value"],
            HasId = true,
        },
        new("users")
        {
            Columns =
            [
                new("normalized_user_name", Text) { UpperCaseOf = "user_name" }, new("user_name", Text), new("display_name", Text),
                new("ratings_are_public", FixtureType.Boolean, "false"), new("favorites_are_public", FixtureType.Boolean, "false"),
                new("email", Text), new("normalized_email", Text) { UpperCaseOf = "email" },
                new("email_confirmed", FixtureType.Boolean, "false"),
                new("phone_number", Text), new("phone_number_confirmed", FixtureType.Boolean, "false"),
                new("two_factor_enabled", FixtureType.Boolean, "false"),
                new("lockout_end", Timestamp) { MayBeInfinite = true }, new("lockout_enabled", FixtureType.Boolean, "true"),
                new("access_failed_count", Integer, "0") { IsBookkeeping = true }, CreatedAt, ConcurrencyStamp,
                new("password_hash", Text) { IsSecret = true }, new("security_stamp", Text, RandomStamp) { IsSecret = true },
            ],
            Key = ["normalized_user_name"],
            AlsoUnique = ["normalized_email"],
            Rules = [("access_failed_count < 0", "access_failed_count is negative")],
            HasId = true,
        },
        new("user_roles") { References = [FixtureReference.User, FixtureReference.Role] },
        new("user_claims")
        {
            References = [FixtureReference.User],
            Columns = [new("claim_type", Text), new("claim_value", Text)],
            Key = ["claim_type", "claim_value"],
            HasId = true,
        },
        new("user_logins")
        {
            References = [FixtureReference.User],
            Columns = [new("login_provider", Text), new("provider_key", Text), new("provider_display_name", Text)],
            Key = ["login_provider", "provider_key"],
        },
        new("user_tokens")
        {
            References = [FixtureReference.User],
            Columns = [new("login_provider", Text), new("name", Text), new("value", Text)],
            Key = ["login_provider", "name"],
            IsSecret = true,
        },
        new("reviews")
        {
            References = [FixtureReference.User, FixtureReference.Movie],
            Columns =
            [
                new("title", Text), new("body", Text), new("contains_spoilers", FixtureType.Boolean, "false"),
                CreatedAt, UpdatedAt, Version,
            ],
            Rules = [VersionRule],
            HasId = true,
        },
        new("review_votes")
        {
            References = [FixtureReference.Review, FixtureReference.User],
            Columns = [CreatedAt],
            Rules = [("""author = "user" """, "a user cannot vote on their own review")],
        },
        new("review_reports")
        {
            References = [FixtureReference.Review, FixtureReference.User],
            Columns = [new("reason", Text), new("comment", Text), CreatedAt, new("resolved_at", Timestamp)],
            HasId = true,
        },
        new("ratings")
        {
            References = [FixtureReference.User, FixtureReference.Movie],
            Columns = [new("value", SmallInt), CreatedAt, UpdatedAt],
        },
        new("favorites") { References = [FixtureReference.User, FixtureReference.Movie], Columns = [CreatedAt] },
        new("applied_seeds")
        {
            Columns = [new("profile", Text), new("checksum", Text), new("applied_at", Timestamp, Now)],
            Key = ["profile"],
        },
        new("data_protection_keys")
        {
            Columns = [new("friendly_name", Text), new("xml", Text)],
            Key = ["friendly_name"],
            HasId = true,
            IsSecret = true,
        },
    ];

    /// <summary>
    /// Tables that fixtures do not contain: those that triggers derive, short-lived ones (stored responses, sessions, emails), and the
    /// audit trail, whose ids would mean other rows in another database.
    /// </summary>
    public static readonly IReadOnlyList<string> Excluded =
        ["movie_stats", "movie_changes", "cache_evictions", "idempotency_keys", "sessions", "outgoing_emails", "audit_entries"];

    // Identity only compares stamps for equality, so a row without one gets a random one.
    private const string RandomStamp = "gen_random_uuid()::text";

    private static FixtureColumn ConcurrencyStamp => new("concurrency_stamp", Text, RandomStamp) { IsSecret = true };
}
