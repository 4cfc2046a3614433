using Npgsql;

namespace MovieAspire.MigrationWorker.Database;

/// <summary>
/// The properties of a database as a whole, which a backup of its contents does not include: owner, locale, settings, rights.
/// </summary>
internal static class DatabaseProperties
{
    // A clause for the tablespace needs a right on it, even where it is the one that the database gets anyway. The name of the column
    // with the locale of ICU changed in PostgreSQL 17, and PostgreSQL 15 has no rules.
    private const string CreateLike = """
        SELECT concat_ws(' ',
            format('CREATE DATABASE %I TEMPLATE template0 OWNER %I ENCODING %L LC_COLLATE %L LC_CTYPE %L',
                $2, pg_get_userbyid(live.datdba), pg_encoding_to_char(live.encoding), live.datcollate, live.datctype),
            CASE WHEN live.dattablespace <> template.dattablespace THEN format('TABLESPACE %I', spcname) END,
            CASE live.datlocprovider
                WHEN 'i' THEN format('LOCALE_PROVIDER icu ICU_LOCALE %L', coalesce(columns ->> 'datlocale', columns ->> 'daticulocale'))
                WHEN 'b' THEN format('LOCALE_PROVIDER builtin BUILTIN_LOCALE %L', columns ->> 'datlocale')
                ELSE 'LOCALE_PROVIDER libc'
            END,
            CASE WHEN columns ->> 'daticurules' <> '' THEN format('ICU_RULES %L', columns ->> 'daticurules') END)
        FROM pg_database AS live JOIN pg_tablespace ON pg_tablespace.oid = live.dattablespace
        JOIN pg_database AS template ON template.datname = 'template0', to_jsonb(live) AS columns
        WHERE live.datname = $1
        """;

    // The value of a list of names is stored as SQL writes it; quoting it again would make one name of it.
    private const string Rest = """
        WITH live AS (SELECT * FROM pg_database WHERE datname = $1),
            settings AS (
                SELECT setrole, split_part(setting, '=', 1) AS name, substr(setting, strpos(setting, '=') + 1) AS value
                FROM live JOIN pg_db_role_setting ON setdatabase = live.oid, unnest(setconfig) AS setting)
        SELECT format('ALTER DATABASE %I CONNECTION LIMIT %s', $2, datconnlimit) FROM live WHERE datconnlimit <> -1
        UNION ALL
        SELECT format('ALTER DATABASE %I IS_TEMPLATE true', $2) FROM live WHERE datistemplate
        UNION ALL
        SELECT format('COMMENT ON DATABASE %I IS %L', $2, shobj_description(oid, 'pg_database'))
        FROM live WHERE shobj_description(oid, 'pg_database') IS NOT NULL
        UNION ALL
        SELECT format(CASE setrole WHEN 0 THEN 'ALTER DATABASE %2$I' ELSE 'ALTER ROLE %1$I IN DATABASE %2$I' END || ' SET %3$s TO %4$s',
            pg_get_userbyid(setrole), $2, name,
            CASE WHEN name IN ('search_path', 'temp_tablespaces', 'local_preload_libraries', 'session_preload_libraries') THEN value
                ELSE quote_literal(value) END)
        FROM settings
        UNION ALL
        SELECT format('REVOKE ALL ON DATABASE %I FROM PUBLIC', $2) FROM live WHERE datacl IS NOT NULL
        UNION ALL
        SELECT format('GRANT %s ON DATABASE %I TO %s%s', privilege_type, $2,
            CASE grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(grantee)) END,
            CASE WHEN is_grantable THEN ' WITH GRANT OPTION' ELSE '' END)
        FROM live, aclexplode(datacl)
        """;

    // Revokes PUBLIC's default rights on functions if they were revoked.
    private const string Grants = """
        WITH
            kinds (letter, name) AS (
                VALUES ('r', 'TABLES'), ('S', 'SEQUENCES'), ('f', 'FUNCTIONS'), ('T', 'TYPES'), ('n', 'SCHEMAS')),
            defaults AS (
                SELECT concat_ws(' ', format('ALTER DEFAULT PRIVILEGES FOR ROLE %s', defaclrole::regrole), 'IN SCHEMA ' || quote_ident(nspname))
                        AS start, kinds.name AS object, defaclrole AS owner, defaclacl AS acl, defaclnamespace = 0 AS is_whole
                FROM pg_default_acl JOIN kinds ON letter = defaclobjtype LEFT JOIN pg_namespace ON pg_namespace.oid = defaclnamespace),
            namespaces AS (SELECT * FROM pg_namespace WHERE nspname <> 'information_schema' AND nspname !~ '^pg_'),
            objects AS (
                SELECT format('SCHEMA %I', nspname) AS object, nspowner AS owner, nspacl AS acl, true AS is_public FROM namespaces
                UNION ALL
                SELECT format('%s %I.%I', CASE relkind WHEN 'S' THEN 'SEQUENCE' ELSE 'TABLE' END, nspname, relname), relowner, relacl, false
                FROM pg_class JOIN namespaces ON namespaces.oid = relnamespace WHERE relkind IN ('r', 'p', 'v', 'm', 'f', 'S')
                UNION ALL
                SELECT format('ROUTINE %I.%I(%s)', nspname, proname, pg_get_function_identity_arguments(pg_proc.oid)), proowner, proacl, true
                FROM pg_proc JOIN namespaces ON namespaces.oid = pronamespace),
            columns AS (
                SELECT format('TABLE %I.%I', nspname, relname) AS object, relowner AS owner, attname, attacl AS acl
                FROM pg_class JOIN namespaces ON namespaces.oid = relnamespace JOIN pg_attribute ON attrelid = pg_class.oid
                WHERE attacl IS NOT NULL AND NOT attisdropped),
            granted AS (
                SELECT '' AS start, object, owner, grantee, is_grantable, privilege_type AS privilege FROM objects, aclexplode(acl)
                UNION ALL
                SELECT '', object, owner, grantee, is_grantable, format('%s (%I)', privilege_type, attname) FROM columns, aclexplode(acl)
                UNION ALL
                SELECT start || ' ', object, owner, grantee, is_grantable, privilege_type FROM defaults, aclexplode(acl))
        SELECT format('REVOKE ALL ON %s FROM PUBLIC', object) AS statement, 1 AS place FROM objects WHERE is_public AND acl IS NOT NULL
        UNION ALL
        SELECT format('%s REVOKE ALL ON %s FROM PUBLIC', start, object), 1 FROM defaults WHERE is_whole AND object IN ('FUNCTIONS', 'TYPES')
        UNION ALL
        SELECT format('%sGRANT %s ON %s TO %s%s', start, string_agg(privilege, ', ' ORDER BY privilege), object,
            CASE grantee WHEN 0 THEN 'PUBLIC' ELSE grantee::regrole::text END, CASE WHEN is_grantable THEN ' WITH GRANT OPTION' END), 2
        FROM granted WHERE grantee <> owner GROUP BY start, object, grantee, is_grantable
        ORDER BY place, statement
        """;

    /// <summary>Creates an empty database with the server's locale.</summary>
    public static Task CreateAsync(NpgsqlConnection maintenance, string name, CancellationToken cancellationToken) =>
        maintenance.ExecuteAsync($"CREATE DATABASE {name.QuoteIdentifier()} TEMPLATE template0 ENCODING 'UTF8'", cancellationToken);

    /// <summary>Creates an empty database with the owner and the locale of another one, if that exists.</summary>
    public static async Task CreateLikeAsync(NpgsqlConnection maintenance, string model, string name, CancellationToken cancellationToken)
    {
        var create = (await maintenance.ListAsync<string>(CreateLike, cancellationToken, model, name)).SingleOrDefault();
        await (create is null ? CreateAsync(maintenance, name, cancellationToken) : maintenance.ExecuteAsync(create, cancellationToken));
    }

    /// <summary>
    /// Copies default privileges and the rights on objects from another database, matching objects by name. Returns what this user may not
    /// grant, as SQL.
    /// </summary>
    public static async Task<IReadOnlyList<string>> CopyGrantsAsync(
        NpgsqlConnection model, NpgsqlConnection target, CancellationToken cancellationToken)
    {
        var refused = new List<string>();
        foreach (var statement in await model.ListAsync<string>(Grants, cancellationToken))
        {
            try
            {
                await target.ExecuteAsync(statement, cancellationToken);
            }
            catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.InsufficientPrivilege)
            {
                refused.Add(statement);
            }
            catch (PostgresException e) when (e.SqlState is PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.UndefinedColumn
                or PostgresErrorCodes.UndefinedFunction or PostgresErrorCodes.UndefinedObject or PostgresErrorCodes.InvalidSchemaName)
            {
                // The object does not exist in this database.
            }
        }

        return refused;
    }

    /// <summary>
    /// Copies the settings and rights of another database. Returns what this user may not grant, as SQL with the other's name. Call it
    /// last: the settings may make the database read-only.
    /// </summary>
    public static async Task<IReadOnlyList<string>> CopyRestAsync(
        NpgsqlConnection maintenance, string model, string name, CancellationToken cancellationToken)
    {
        var refused = new List<string>();
        var named = await maintenance.ListAsync<string>(Rest, cancellationToken, model, model);
        foreach (var (statement, original) in (await maintenance.ListAsync<string>(Rest, cancellationToken, model, name)).Zip(named))
        {
            try
            {
                await maintenance.ExecuteAsync(statement, cancellationToken);
            }
            catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.InsufficientPrivilege)
            {
                refused.Add(original);
            }
        }

        return refused;
    }
}
