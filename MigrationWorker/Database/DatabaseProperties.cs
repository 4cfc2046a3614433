using Npgsql;

namespace MovieAspire.MigrationWorker.Database;

/// <summary>What belongs to a database as a whole and is therefore in no backup of its contents: owner, locale, settings, rights.</summary>
internal static class DatabaseProperties
{
    // The name of the column with the locale of ICU changed in PostgreSQL 17.
    private const string CreateLike = """
        SELECT format('CREATE DATABASE %I TEMPLATE template0 OWNER %I TABLESPACE %I ENCODING %L LC_COLLATE %L LC_CTYPE %L LOCALE_PROVIDER ',
                $2, pg_get_userbyid(datdba), spcname, pg_encoding_to_char(encoding), datcollate, datctype)
            || CASE datlocprovider
                WHEN 'i' THEN format('icu ICU_LOCALE %L', coalesce(columns ->> 'datlocale', columns ->> 'daticulocale'))
                    || coalesce(format(' ICU_RULES %L', nullif(columns ->> 'daticurules', '')), '')
                WHEN 'b' THEN format('builtin BUILTIN_LOCALE %L', columns ->> 'datlocale')
                ELSE 'libc'
            END
        FROM pg_database JOIN pg_tablespace ON pg_tablespace.oid = dattablespace, to_jsonb(pg_database) AS columns
        WHERE datname = $1
        """;

    // The value of a list of names is stored as SQL writes it; quoting it again would make one name of it.
    private const string Rest = """
        WITH live AS (SELECT * FROM pg_database WHERE datname = $1),
            settings AS (
                SELECT setrole, split_part(setting, '=', 1) AS name, substr(setting, strpos(setting, '=') + 1) AS value
                FROM live JOIN pg_db_role_setting ON setdatabase = live.oid, unnest(setconfig) AS setting)
        SELECT format('ALTER DATABASE %I CONNECTION LIMIT %s', $2, datconnlimit) FROM live WHERE datconnlimit <> -1
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

    /// <summary>Makes an empty database with the server's own locale.</summary>
    public static Task CreateAsync(NpgsqlConnection maintenance, string name, CancellationToken cancellationToken) =>
        maintenance.ExecuteAsync($"CREATE DATABASE {name.QuoteIdentifier()} TEMPLATE template0 ENCODING 'UTF8'", cancellationToken);

    /// <summary>Makes an empty database with the owner and the locale of another, where there is one.</summary>
    public static async Task CreateLikeAsync(NpgsqlConnection maintenance, string model, string name, CancellationToken cancellationToken)
    {
        var create = (await maintenance.ListAsync<string>(CreateLike, cancellationToken, model, name)).SingleOrDefault();
        await (create is null ? CreateAsync(maintenance, name, cancellationToken) : maintenance.ExecuteAsync(create, cancellationToken));
    }

    /// <summary>Gives a database the settings and the rights of another. They may keep anybody from writing, so this comes last.</summary>
    public static async Task CopyRestAsync(NpgsqlConnection maintenance, string model, string name, CancellationToken cancellationToken)
    {
        foreach (var statement in await maintenance.ListAsync<string>(Rest, cancellationToken, model, name))
        {
            await maintenance.ExecuteAsync(statement, cancellationToken);
        }
    }
}
