-- Makes the three roles of a site, and gives the database to the first. A superuser runs it with psql, as often as wanted:
--
--   owner_password=… application_password=… psql --file=deploy/roles.sql postgres
--
-- owner        for the worker: owns the database and may create others (for restores), and is no superuser
-- application  for the API: reads and writes rows; the worker sees to these rights, see Roles__Application
-- observer     for people and programs that look: reads rows, but no secrets; see Roles__Observer
--
-- Other names: --set=database=… --set=owner=… --set=application=… --set=observer=…
-- A role whose password is not given keeps what it has; without any, nobody can log in as it. Grant it to others instead.
\set ON_ERROR_STOP on
\if :{?database} \else \set database moviedb
\endif
\if :{?owner} \else \set owner moviedb_owner
\endif
\if :{?application} \else \set application moviedb_api
\endif
\if :{?observer} \else \set observer moviedb_observer
\endif
\if :{?owner_password} \else \getenv owner_password owner_password
\endif
\if :{?application_password} \else \getenv application_password application_password
\endif
\if :{?observer_password} \else \getenv observer_password observer_password
\endif

-- The server's log is no place for passwords.
SET log_statement = none;
SET log_min_duration_statement = -1;
SET log_min_error_statement = panic;
SET client_min_messages = warning;
SET lock_timeout = '10s';

SELECT format('CREATE ROLE %I LOGIN', name) FROM unnest(ARRAY[:'owner', :'application', :'observer']) AS name
WHERE name NOT IN (SELECT rolname FROM pg_roles) \gexec
ALTER ROLE :"owner" NOSUPERUSER CREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS;
ALTER ROLE :"application" NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS;
ALTER ROLE :"observer" NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS;
\if :{?owner_password}
ALTER ROLE :"owner" PASSWORD :'owner_password';
\endif
\if :{?application_password}
ALTER ROLE :"application" PASSWORD :'application_password';
\endif
\if :{?observer_password}
ALTER ROLE :"observer" PASSWORD :'observer_password';
\endif

-- Lets the owner end their sessions, which keep a restored database from taking the live one's place.
GRANT :"application", :"observer" TO :"owner";

SELECT format('CREATE DATABASE %I OWNER %I TEMPLATE template0 ENCODING ''UTF8''', :'database', :'owner')
WHERE :'database' NOT IN (SELECT datname FROM pg_database) \gexec
ALTER DATABASE :"database" OWNER TO :"owner";
REVOKE ALL ON DATABASE :"database" FROM PUBLIC;
GRANT CONNECT ON DATABASE :"database" TO :"application", :"observer";

\connect :"database"
SET client_min_messages = warning;
SET lock_timeout = '10s';

-- Gives the owner what another role made before. What belongs to an extension stays with it; sequences of columns follow their tables.
BEGIN;
WITH
    namespaces AS (SELECT * FROM pg_namespace WHERE nspname <> 'information_schema' AND nspname !~ '^pg_'),
    extensions AS (SELECT classid, objid FROM pg_depend WHERE deptype = 'e'),
    parts AS (
        SELECT format('SCHEMA %I', nspname) AS part, nspowner AS role, 'pg_namespace'::regclass AS classid, oid FROM namespaces
        WHERE nspname <> 'public'
        UNION ALL
        SELECT format('%s %I.%I', CASE relkind WHEN 'v' THEN 'VIEW' WHEN 'm' THEN 'MATERIALIZED VIEW' WHEN 'S' THEN 'SEQUENCE'
            WHEN 'f' THEN 'FOREIGN TABLE' ELSE 'TABLE' END, nspname, relname), relowner, 'pg_class'::regclass, pg_class.oid
        FROM pg_class JOIN namespaces ON namespaces.oid = relnamespace
        WHERE relkind IN ('r', 'p', 'v', 'm', 'f') OR relkind = 'S' AND NOT EXISTS (
            SELECT FROM pg_depend WHERE classid = 'pg_class'::regclass AND objid = pg_class.oid AND deptype IN ('a', 'i'))
        UNION ALL
        SELECT format('ROUTINE %s', pg_proc.oid::regprocedure), proowner, 'pg_proc'::regclass, pg_proc.oid
        FROM pg_proc JOIN namespaces ON namespaces.oid = pronamespace
        UNION ALL
        SELECT format('COLLATION %I.%I', nspname, collname), collowner, 'pg_collation'::regclass, pg_collation.oid
        FROM pg_collation JOIN namespaces ON namespaces.oid = collnamespace
        UNION ALL
        SELECT format('TYPE %I.%I', nspname, typname), typowner, 'pg_type'::regclass, pg_type.oid
        FROM pg_type JOIN namespaces ON namespaces.oid = typnamespace
        WHERE typtype IN ('d', 'e', 'r') OR typtype = 'c' AND EXISTS (SELECT FROM pg_class WHERE oid = typrelid AND relkind = 'c'))
SELECT format('ALTER %s OWNER TO %I', part, :'owner') FROM parts
WHERE role <> (SELECT oid FROM pg_roles WHERE rolname = :'owner') AND (classid, oid) NOT IN (SELECT classid, objid FROM extensions) \gexec
ALTER SCHEMA public OWNER TO pg_database_owner;
REVOKE CREATE ON SCHEMA public FROM PUBLIC;

-- So that the API works also where a script or an older release of the worker makes tables. The worker's own tables are not the API's.
GRANT USAGE ON SCHEMA public TO :"application", :"observer";
GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO :"application";
SELECT format('GRANT %s ON %s TO %I',
    CASE WHEN relname IN ('__EFMigrationsHistory', 'applied_migrations', 'applied_seeds') THEN 'SELECT'
        ELSE 'SELECT, INSERT, UPDATE, DELETE' END, oid::regclass, :'application')
FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')
    AND oid NOT IN (SELECT objid FROM pg_depend WHERE classid = 'pg_class'::regclass AND deptype = 'e') \gexec
ALTER DEFAULT PRIVILEGES FOR ROLE :"owner" IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO :"application";
ALTER DEFAULT PRIVILEGES FOR ROLE :"owner" IN SCHEMA public GRANT USAGE ON SEQUENCES TO :"application";
COMMIT;
