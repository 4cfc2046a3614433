-- movie_stats and reviews.helpful_count, exact at every commit, whoever writes: clients, COPY, cascades, TRUNCATE.
--
-- One trigger for each statement, not for each row, so that a bulk load pays once for each film. "changed" is the
-- transition table: the new rows with sign '1', the old rows with sign '-1'.
--
-- Rows are changed in the order of their ids, so that two statements never wait for each other in a circle. One kind
-- may: an upsert of many rows that inserts some and updates others counts in two passes. Should two of those meet,
-- PostgreSQL ends one of them, to be tried again.

CREATE FUNCTION add_movie_stats() RETURNS trigger
    LANGUAGE plpgsql SET search_path = public, pg_temp
    AS $$
    BEGIN
        INSERT INTO movie_stats (movie_id) SELECT id FROM changed;
        RETURN NULL;
    END $$;

CREATE TRIGGER movies_inserted AFTER INSERT ON movies REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION add_movie_stats();

CREATE FUNCTION count_ratings() RETURNS trigger
    LANGUAGE plpgsql SET search_path = public, pg_temp
    AS $$
    DECLARE
        sign integer := TG_ARGV[0];
        film record;
    BEGIN
        FOR film IN
            SELECT movie_id, ARRAY[
                count(*) FILTER (WHERE value = 1), count(*) FILTER (WHERE value = 2),
                count(*) FILTER (WHERE value = 3), count(*) FILTER (WHERE value = 4),
                count(*) FILTER (WHERE value = 5), count(*) FILTER (WHERE value = 6),
                count(*) FILTER (WHERE value = 7), count(*) FILTER (WHERE value = 8),
                count(*) FILTER (WHERE value = 9), count(*) FILTER (WHERE value = 10)]::integer[] AS votes
            FROM changed GROUP BY movie_id ORDER BY movie_id
        LOOP
            UPDATE movie_stats SET rating_histogram = histogram_add(rating_histogram, sign, film.votes)
            WHERE movie_id = film.movie_id;
        END LOOP;
        RETURN NULL;
    END $$;

CREATE FUNCTION count_reviews() RETURNS trigger
    LANGUAGE plpgsql SET search_path = public, pg_temp
    AS $$
    DECLARE
        sign integer := TG_ARGV[0];
        film record;
    BEGIN
        FOR film IN SELECT movie_id, count(*) AS number FROM changed GROUP BY movie_id ORDER BY movie_id
        LOOP
            UPDATE movie_stats SET review_count = review_count + sign * film.number WHERE movie_id = film.movie_id;
        END LOOP;
        RETURN NULL;
    END $$;

CREATE FUNCTION count_favorites() RETURNS trigger
    LANGUAGE plpgsql SET search_path = public, pg_temp
    AS $$
    DECLARE
        sign integer := TG_ARGV[0];
        film record;
    BEGIN
        FOR film IN SELECT movie_id, count(*) AS number FROM changed GROUP BY movie_id ORDER BY movie_id
        LOOP
            UPDATE movie_stats SET favorite_count = favorite_count + sign * film.number WHERE movie_id = film.movie_id;
        END LOOP;
        RETURN NULL;
    END $$;

CREATE FUNCTION count_review_votes() RETURNS trigger
    LANGUAGE plpgsql SET search_path = public, pg_temp
    AS $$
    DECLARE
        sign integer := TG_ARGV[0];
        review record;
    BEGIN
        FOR review IN SELECT review_id AS id, count(*) AS number FROM changed GROUP BY review_id ORDER BY review_id
        LOOP
            UPDATE reviews SET helpful_count = helpful_count + sign * review.number WHERE reviews.id = review.id;
        END LOOP;
        RETURN NULL;
    END $$;

-- An UPDATE takes the old rows away and adds the new ones, in the order of the triggers' names.
CREATE TRIGGER ratings_inserted AFTER INSERT ON ratings REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION count_ratings('1');
CREATE TRIGGER ratings_deleted AFTER DELETE ON ratings REFERENCING OLD TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION count_ratings('-1');
CREATE TRIGGER ratings_updated_1_old AFTER UPDATE ON ratings REFERENCING OLD TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION count_ratings('-1');
CREATE TRIGGER ratings_updated_2_new AFTER UPDATE ON ratings REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION count_ratings('1');

CREATE TRIGGER reviews_inserted AFTER INSERT ON reviews REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION count_reviews('1');
CREATE TRIGGER reviews_deleted AFTER DELETE ON reviews REFERENCING OLD TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION count_reviews('-1');

CREATE TRIGGER favorites_inserted AFTER INSERT ON favorites REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION count_favorites('1');
CREATE TRIGGER favorites_deleted AFTER DELETE ON favorites REFERENCING OLD TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION count_favorites('-1');
CREATE TRIGGER favorites_updated_1_old AFTER UPDATE ON favorites REFERENCING OLD TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION count_favorites('-1');
CREATE TRIGGER favorites_updated_2_new AFTER UPDATE ON favorites REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION count_favorites('1');

CREATE TRIGGER review_votes_inserted AFTER INSERT ON review_votes REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION count_review_votes('1');
CREATE TRIGGER review_votes_deleted AFTER DELETE ON review_votes REFERENCING OLD TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION count_review_votes('-1');
CREATE TRIGGER review_votes_updated_1_old AFTER UPDATE ON review_votes REFERENCING OLD TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION count_review_votes('-1');
CREATE TRIGGER review_votes_updated_2_new AFTER UPDATE ON review_votes REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION count_review_votes('1');

-- Reviews are updated with every vote on them, so only a review that moves to another film is looked at.
CREATE FUNCTION move_review() RETURNS trigger
    LANGUAGE plpgsql SET search_path = public, pg_temp
    AS $$
    BEGIN
        UPDATE movie_stats SET review_count = review_count + CASE movie_id WHEN NEW.movie_id THEN 1 ELSE -1 END
        WHERE movie_id IN (OLD.movie_id, NEW.movie_id);
        RETURN NULL;
    END $$;

CREATE TRIGGER reviews_moved AFTER UPDATE OF movie_id ON reviews
    FOR EACH ROW WHEN (OLD.movie_id <> NEW.movie_id) EXECUTE FUNCTION move_review();

CREATE FUNCTION forget_counts() RETURNS trigger
    LANGUAGE plpgsql SET search_path = public, pg_temp
    AS $$
    BEGIN
        CASE TG_TABLE_NAME
            WHEN 'ratings' THEN UPDATE movie_stats SET rating_histogram = DEFAULT WHERE rating_count <> 0;
            WHEN 'reviews' THEN UPDATE movie_stats SET review_count = 0 WHERE review_count <> 0;
            WHEN 'favorites' THEN UPDATE movie_stats SET favorite_count = 0 WHERE favorite_count <> 0;
            WHEN 'review_votes' THEN UPDATE reviews SET helpful_count = 0 WHERE helpful_count <> 0;
        END CASE;
        RETURN NULL;
    END $$;

CREATE TRIGGER ratings_truncated AFTER TRUNCATE ON ratings EXECUTE FUNCTION forget_counts();
CREATE TRIGGER reviews_truncated AFTER TRUNCATE ON reviews EXECUTE FUNCTION forget_counts();
CREATE TRIGGER favorites_truncated AFTER TRUNCATE ON favorites EXECUTE FUNCTION forget_counts();
CREATE TRIGGER review_votes_truncated AFTER TRUNCATE ON review_votes EXECUTE FUNCTION forget_counts();
