-- Times and version counters that clients rely on (ETag, If-Match, updatedSince), whoever writes.

CREATE FUNCTION touch_row() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
    BEGIN
        NEW.updated_at := now();
        RETURN NEW;
    END $$;

CREATE FUNCTION raise_version() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
    BEGIN
        NEW.updated_at := now();
        NEW.version := OLD.version + 1;
        RETURN NEW;
    END $$;

CREATE TRIGGER movies_version BEFORE UPDATE ON movies
    FOR EACH ROW EXECUTE FUNCTION raise_version();

-- Only what the author writes counts, not helpful_count.
CREATE TRIGGER reviews_version BEFORE UPDATE OF title, body, contains_spoilers ON reviews
    FOR EACH ROW EXECUTE FUNCTION raise_version();

CREATE TRIGGER ratings_touch BEFORE UPDATE OF value ON ratings
    FOR EACH ROW EXECUTE FUNCTION touch_row();

-- A film's genres are part of the film. Films that this transaction has touched already have their new version.
CREATE FUNCTION touch_movies_of_genres() RETURNS trigger
    LANGUAGE plpgsql SET search_path = public, pg_temp
    AS $$
    BEGIN
        UPDATE movies SET updated_at = now()
        WHERE id IN (SELECT movie_id FROM changed) AND updated_at <> now();
        RETURN NULL;
    END $$;

CREATE TRIGGER movie_genres_inserted AFTER INSERT ON movie_genres REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION touch_movies_of_genres();
CREATE TRIGGER movie_genres_deleted AFTER DELETE ON movie_genres REFERENCING OLD TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION touch_movies_of_genres();
CREATE TRIGGER movie_genres_updated_old AFTER UPDATE ON movie_genres REFERENCING OLD TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION touch_movies_of_genres();
CREATE TRIGGER movie_genres_updated_new AFTER UPDATE ON movie_genres REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION touch_movies_of_genres();
