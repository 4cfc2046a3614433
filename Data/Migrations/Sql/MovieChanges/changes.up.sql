-- movie_changes: the last change of each movie under a number that clients read on from.
--
-- Numbers are drawn before the transaction commits, so a lower one may appear after a higher one was read. Each writer therefore
-- holds an advisory lock that tells which numbers it may have drawn: all above the key's. What lies at or below every such key is
-- settled: nothing can appear there any more. PostgreSQL releases the locks of a transaction after its rows became visible.

-- Keys of the locks: this and the last number that was drawn before.
CREATE FUNCTION movie_change_lock_base() RETURNS bigint
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$ SELECT x'4d43'::bigint << 48 $$;

CREATE FUNCTION last_movie_change() RETURNS bigint
    LANGUAGE sql VOLATILE SET search_path = public, pg_temp
    AS $$ SELECT coalesce(pg_sequence_last_value(pg_get_serial_sequence('movie_changes', 'number')::regclass), 0) $$;

-- In this order: a number that is drawn after the first statement is above its result, and one that was drawn before has its lock.
CREATE FUNCTION settled_movie_changes() RETURNS bigint
    LANGUAGE plpgsql VOLATILE SET search_path = public, pg_temp
    AS $$
    DECLARE
        settled bigint := last_movie_change();
    BEGIN
        RETURN least(settled, (
            SELECT min((classid::bigint << 32 | objid::bigint) - movie_change_lock_base()) FROM pg_locks
            WHERE locktype = 'advisory' AND objsubid = 1 AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
            AND classid::bigint >> 16 = movie_change_lock_base() >> 48));
    END $$;

-- One lock for each transaction. The setting is forgotten with it, and by a rollback to a savepoint, as the lock is.
CREATE FUNCTION announce_movie_changes() RETURNS void
    LANGUAGE plpgsql SET search_path = public, pg_temp
    AS $$
    BEGIN
        IF coalesce(current_setting('movieaspire.announces_movie_changes', true), '') = '' THEN
            PERFORM pg_advisory_xact_lock_shared(movie_change_lock_base() + last_movie_change());
            PERFORM set_config('movieaspire.announces_movie_changes', 'yes', true);
        END IF;
    END $$;

CREATE FUNCTION note_movie_changes() RETURNS trigger
    LANGUAGE plpgsql SET search_path = public, pg_temp
    AS $$
    BEGIN
        IF EXISTS (SELECT FROM changed) THEN
            PERFORM announce_movie_changes();
            INSERT INTO movie_changes (movie_id, number, created_number, is_deleted)
            SELECT id, number, number, TG_OP = 'DELETE'
            FROM (
                SELECT id, nextval(pg_get_serial_sequence('movie_changes', 'number')) AS number
                FROM (SELECT id FROM changed ORDER BY id) AS ordered) AS numbered
            ON CONFLICT (movie_id) DO UPDATE SET
                number = excluded.number,
                created_number = CASE TG_OP WHEN 'INSERT' THEN excluded.number ELSE movie_changes.created_number END,
                changed_at = now(),
                is_deleted = excluded.is_deleted;
        END IF;
        RETURN NULL;
    END $$;

CREATE TRIGGER movies_noted_insert AFTER INSERT ON movies REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION note_movie_changes();
CREATE TRIGGER movies_noted_update AFTER UPDATE ON movies REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION note_movie_changes();
CREATE TRIGGER movies_noted_delete AFTER DELETE ON movies REFERENCING OLD TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION note_movie_changes();

CREATE FUNCTION note_movies_truncated() RETURNS trigger
    LANGUAGE plpgsql SET search_path = public, pg_temp
    AS $$
    BEGIN
        PERFORM announce_movie_changes();
        UPDATE movie_changes SET number = DEFAULT, changed_at = now(), is_deleted = true WHERE NOT is_deleted;
        RETURN NULL;
    END $$;

CREATE TRIGGER movies_noted_truncate AFTER TRUNCATE ON movies EXECUTE FUNCTION note_movies_truncated();

-- What is there already, in the order in which it was added. Creating the triggers has shut other writers out.
INSERT INTO movie_changes (movie_id, number, created_number, changed_at, is_deleted)
SELECT id, number, number, updated_at, false
FROM (
    SELECT id, updated_at, nextval(pg_get_serial_sequence('movie_changes', 'number')) AS number
    FROM (SELECT id, updated_at FROM movies ORDER BY id) AS ordered) AS numbered;
