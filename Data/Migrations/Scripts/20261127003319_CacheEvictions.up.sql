CREATE UNLOGGED TABLE cache_evictions (
    transaction_id xid8 NOT NULL DEFAULT (pg_current_xact_id()),
    movie_id bigint
);

CREATE INDEX ix_cache_evictions_transaction_id ON cache_evictions (transaction_id);

-- cache_evictions: what changed of that which anybody can read. Most of it changes movies or movie_stats, by other triggers at least.

-- A statement that changes many movies is told as one that may have changed any.
CREATE FUNCTION evict_changed_movies() RETURNS trigger
    LANGUAGE plpgsql SET search_path = public, pg_temp
    AS $$
    BEGIN
        IF TG_TABLE_NAME = 'movies' THEN
            INSERT INTO cache_evictions (movie_id)
            SELECT CASE WHEN n <= 100 THEN id END FROM (SELECT id, row_number() OVER () AS n FROM changed LIMIT 101) AS first;
        ELSE
            INSERT INTO cache_evictions (movie_id)
            SELECT CASE WHEN n <= 100 THEN movie_id END FROM (SELECT movie_id, row_number() OVER () AS n FROM changed LIMIT 101) AS first;
        END IF;
        RETURN NULL;
    END $$;

CREATE FUNCTION evict_all_movies() RETURNS trigger
    LANGUAGE plpgsql SET search_path = public, pg_temp
    AS $$
    BEGIN
        INSERT INTO cache_evictions (movie_id) VALUES (NULL);
        RETURN NULL;
    END $$;

-- The tables in the order in which whoever writes to several locks them.

-- A genre without movies is listed, too.
CREATE TRIGGER genres_evicted AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON genres EXECUTE FUNCTION evict_all_movies();

-- Reviews show who wrote them.
CREATE TRIGGER users_evicted AFTER UPDATE OF display_name ON users EXECUTE FUNCTION evict_all_movies();

-- New and deleted movies change movie_stats.
CREATE TRIGGER movies_evicted AFTER UPDATE ON movies REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION evict_changed_movies();

-- So do new and deleted reviews.
CREATE TRIGGER reviews_evicted AFTER UPDATE ON reviews REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION evict_changed_movies();

CREATE TRIGGER movie_stats_evicted_insert AFTER INSERT ON movie_stats REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION evict_changed_movies();
CREATE TRIGGER movie_stats_evicted_update AFTER UPDATE ON movie_stats REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION evict_changed_movies();
CREATE TRIGGER movie_stats_evicted_delete AFTER DELETE ON movie_stats REFERENCING OLD TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION evict_changed_movies();
CREATE TRIGGER movie_stats_evicted_truncate AFTER TRUNCATE ON movie_stats EXECUTE FUNCTION evict_all_movies();


INSERT INTO "__EFMigrationsHistory" ("MigrationId", "ProductVersion")
VALUES ('20261127003319_CacheEvictions', '10.0.15');
