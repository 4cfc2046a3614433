using MovieAspire.Data.Schema;
using MovieAspire.MigrationWorker.Cli;
using MovieAspire.MigrationWorker.Fixtures;
using Npgsql;

namespace MovieAspire.MigrationWorker.Database;

/// <summary>The settings <c>Roles__…</c>: database roles to which the worker grants rights. All are optional.</summary>
internal sealed class RoleOptions
{
    public const string Section = "Roles";

    /// <summary>The role of the API. It can read and write rows, and nothing else.</summary>
    public string Application { get; set; } = "";

    /// <summary>A role that can read rows, except secrets.</summary>
    public string Observer { get; set; } = "";

    /// <summary>False if no role is configured; rights are then not managed.</summary>
    public bool AreSet => Application.Length > 0 || Observer.Length > 0;
}

/// <summary>Compares the owners and rights of the tables with what they should be.</summary>
internal sealed class DatabaseRights(RoleOptions roles)
{
    private const string MissingRole = "SELECT role FROM unnest($1) AS role WHERE role NOT IN (SELECT rolname FROM pg_roles)";

    // All tables should have the same owner: the most frequent one. With several owners, the worker could not change all tables.
    private const string Owners = """
        WITH parts AS (
            SELECT 'table' AS kind, oid::regclass::text AS name, relowner AS owner FROM pg_class
            WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') AND relname = ANY ($1)
            UNION ALL
            SELECT 'function', oid::regprocedure::text, proowner FROM pg_proc
            WHERE pronamespace = 'public'::regnamespace
                AND format('%s(%s)', proname, pg_get_function_identity_arguments(oid)) = ANY ($2)
            UNION ALL
            SELECT 'collation', oid::regcollation::text, collowner FROM pg_collation
            WHERE collnamespace = 'public'::regnamespace AND collname = ANY ($3)),
        owner AS (SELECT mode() WITHIN GROUP (ORDER BY owner) AS oid FROM parts WHERE kind = 'table')
        SELECT format('owner of %s %s', kind, name), 'different',
            format('ALTER %s %s OWNER TO %s;', upper(kind), name, owner.oid::regrole)
        FROM parts, owner WHERE parts.owner <> owner.oid ORDER BY 1
        """;

    // Owner and PUBLIC have PostgreSQL's default rights, except MAINTAIN, which is new in version 17. Other roles may read if they were
    // granted that. If the application's role is configured, no other role may write.
    private const string Privileges = """
        WITH
            tables AS (
                SELECT oid, relname::text AS relname, relowner, relacl FROM pg_class
                WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') AND relname = ANY ($1)),
            parts AS (
                SELECT 'TABLE' AS kind, oid::regclass::text AS name, relowner AS owner, relacl AS acl, acldefault('r', relowner) AS usual
                FROM tables
                UNION ALL
                SELECT 'SEQUENCE', sequences.oid::regclass::text, sequences.relowner, sequences.relacl, acldefault('s', sequences.relowner)
                FROM tables JOIN pg_depend ON refclassid = 'pg_class'::regclass AND refobjid = tables.oid AND refobjsubid > 0
                    AND classid = 'pg_class'::regclass AND deptype IN ('a', 'i')
                JOIN pg_class AS sequences ON sequences.oid = objid AND sequences.relkind = 'S'
                UNION ALL
                SELECT 'FUNCTION', oid::regprocedure::text, proowner, proacl, acldefault('f', proowner) FROM pg_proc
                WHERE pronamespace = 'public'::regnamespace
                    AND format('%s(%s)', proname, pg_get_function_identity_arguments(oid)) = ANY ($7)),
            application AS (SELECT oid FROM pg_roles WHERE rolname = $2),
            observer AS (SELECT oid FROM pg_roles WHERE rolname = $3),
            wanted AS (
                SELECT kind, name, NULL::name AS part, grantee, privilege_type AS privilege FROM parts, aclexplode(usual)
                WHERE privilege_type <> 'MAINTAIN'
                UNION
                SELECT 'TABLE', tables.oid::regclass::text, NULL, application.oid, privilege FROM application, tables, unnest(
                    CASE WHEN relname = ANY ($4) THEN ARRAY['SELECT'] ELSE ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE'] END) AS privilege
                UNION
                SELECT kind, name, NULL, application.oid, 'USAGE' FROM application, parts WHERE kind = 'SEQUENCE'
                UNION
                SELECT kind, name, NULL, observer.oid, 'SELECT' FROM observer, parts WHERE kind = 'SEQUENCE'
                UNION
                SELECT 'TABLE', tables.oid::regclass::text, NULL, observer.oid, 'SELECT' FROM observer, tables
                WHERE relname <> ALL ($5) AND NOT EXISTS (SELECT FROM unnest($6) AS secret WHERE split_part(secret, '.', 1) = relname)
                UNION
                SELECT 'TABLE', tables.oid::regclass::text, attname, observer.oid, 'SELECT' FROM observer, tables
                JOIN pg_attribute ON attrelid = tables.oid AND attnum > 0 AND NOT attisdropped
                WHERE EXISTS (SELECT FROM unnest($6) AS secret WHERE split_part(secret, '.', 1) = relname)
                    AND relname || '.' || attname <> ALL ($6)
                UNION
                SELECT 'SCHEMA', 'public', NULL, oid, 'USAGE' FROM (SELECT * FROM application UNION SELECT * FROM observer) AS role
                WHERE NOT has_schema_privilege(oid, 'public', 'USAGE')),
            actual AS (
                SELECT kind, name, NULL::name AS part, owner, grantee, privilege_type AS privilege
                FROM parts, aclexplode(coalesce(acl, usual))
                UNION ALL
                SELECT 'TABLE', tables.oid::regclass::text, attname, relowner, grantee, privilege_type
                FROM tables JOIN pg_attribute ON attrelid = tables.oid AND NOT attisdropped, aclexplode(attacl)
                UNION ALL
                SELECT 'SCHEMA', nspname, NULL, nspowner, grantee, privilege_type
                FROM pg_namespace, aclexplode(nspacl), application
                WHERE nspname = 'public' AND privilege_type = 'CREATE' AND grantee IN (0, application.oid) AND grantee <> nspowner),
            difference AS (
                SELECT 'missing' AS problem, kind, name, grantee, part, privilege FROM wanted
                WHERE NOT EXISTS (
                    SELECT FROM actual WHERE (actual.kind, actual.name, actual.grantee, actual.privilege)
                        = (wanted.kind, wanted.name, wanted.grantee, wanted.privilege) AND actual.part IS NOT DISTINCT FROM wanted.part)
                UNION ALL
                SELECT 'extra', kind, name, grantee, part, privilege FROM actual
                WHERE kind <> 'FUNCTION' AND grantee <> owner
                    AND (grantee = 0 OR grantee IN (SELECT oid FROM application UNION SELECT oid FROM observer)
                        OR kind = 'TABLE' AND privilege <> 'SELECT' AND EXISTS (SELECT FROM application))
                    AND NOT EXISTS (
                        SELECT FROM wanted WHERE (actual.kind, actual.name, actual.grantee, actual.privilege)
                            = (wanted.kind, wanted.name, wanted.grantee, wanted.privilege) AND actual.part IS NOT DISTINCT FROM wanted.part)),
            grants AS (
                SELECT problem, kind, name, CASE grantee WHEN 0 THEN 'PUBLIC' ELSE grantee::regrole::text END AS grantee,
                    string_agg(DISTINCT privilege, ', ') AS privileges,
                    string_agg(privilege || coalesce(' (' || quote_ident(part) || ')', ''), ', ' ORDER BY privilege, part) AS list,
                    bool_or(grantee IN (SELECT oid FROM application UNION SELECT oid FROM observer)
                        OR grantee = 0 AND kind = 'SCHEMA') AS is_named
                FROM difference GROUP BY problem, kind, name, grantee)
        SELECT format('right of %s to %s on %s %s', grantee, privileges, lower(kind), name), problem,
            format(CASE problem WHEN 'missing' THEN 'GRANT %s ON %s %s TO %s;' ELSE 'REVOKE %s ON %s %s FROM %s;' END,
                list, kind, name, grantee), is_named
        FROM grants ORDER BY problem, kind, name, grantee
        """;

    // Emails and stored responses can contain secrets that let somebody log in.
    private static readonly string[] SecretTables =
        [.. FixtureTables.All.Where(table => table.IsSecret).Select(table => table.Name), "outgoing_emails", "idempotency_keys"];

    private static readonly string[] SecretColumns =
    [
        .. from table in FixtureTables.All
           where !table.IsSecret
           from column in table.Columns
           where column.IsSecret
           select $"{table.Name}.{column.Name}",
    ];

    private static readonly ILookup<string, string> Parts = SchemaCatalog.ReadExpected().ToLookup(part => part.Kind, part => part.Name);
    private static readonly string[] Tables = [.. Parts["table"].Union(BookkeepingTables.All)];
    private static readonly string[] Functions = [.. Parts["function"]];

    /// <summary>Wrong owners and rights, with the SQL that fixes them.</summary>
    public async Task<IReadOnlyList<SchemaDrift>> FindAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var owners = await connection
            .QueryAsync(Owners, Read, cancellationToken, Tables, Functions, Parts["collation"].ToArray()).ToListAsync(cancellationToken);
        return [.. owners, .. (await CompareAsync(connection, cancellationToken)).Select(difference => difference.Drift)];
    }

    /// <summary>Whether a configured role lacks a right or has one too many.</summary>
    public async Task<bool> AreIncompleteAsync(NpgsqlConnection connection, CancellationToken cancellationToken) =>
        roles.AreSet && (await CompareAsync(connection, cancellationToken)).Any(difference => difference.IsNamed);

    /// <summary>
    /// Grants the configured roles what they should have, and revokes the rest. Returns false if there was nothing to do.
    /// </summary>
    /// <exception cref="UserErrorException">A role is missing.</exception>
    public async Task<bool> ApplyAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        if (!roles.AreSet)
        {
            return false;
        }

        // Run twice, because revoking a right on a table also revokes it on the columns.
        var changed = false;
        for (var round = 0; round < 2; round++)
        {
            var statements = (await CompareAsync(connection, cancellationToken))
                .Where(difference => difference.IsNamed).Select(difference => difference.Drift.Fix).ToList();
            if (statements.Count == 0)
            {
                break;
            }

            await connection.ExecuteAsync(string.Join('\n', statements), cancellationToken);
            changed = true;
        }

        return changed;
    }

    private async Task<List<(SchemaDrift Drift, bool IsNamed)>> CompareAsync(
        NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        string[] named = [.. new[] { roles.Application, roles.Observer }.Where(role => role.Length > 0)];
        if (await connection.ScalarAsync<string>(MissingRole, cancellationToken, (object)named) is { } missing)
        {
            throw new UserErrorException($"There is no role {missing}, which the settings Roles__… name. Create it with deploy/roles.sql.");
        }

        return await connection
            .QueryAsync(
                Privileges, row => (Read(row), row.GetBoolean(3)), cancellationToken,
                Tables, roles.Application, roles.Observer, BookkeepingTables.All, SecretTables, SecretColumns,
                Functions)
            .ToListAsync(cancellationToken);
    }

    private static SchemaDrift Read(NpgsqlDataReader row) =>
        new(row.GetString(0), Enum.Parse<DriftKind>(row.GetString(1), ignoreCase: true), row.GetString(2));
}
