-- Deleting a person or a film cascades through several tables, one after the other, while others write to them.
-- Taking all the locks first, in the order in which every writer takes them (votes and reviews by id, then the counts by
-- film), keeps two transactions from waiting for each other in a circle.

CREATE FUNCTION lock_before_user_delete() RETURNS trigger
    LANGUAGE plpgsql SET search_path = public, pg_temp
    AS $$
    BEGIN
        PERFORM FROM ratings WHERE user_id = OLD.id ORDER BY movie_id FOR UPDATE;
        PERFORM FROM favorites WHERE user_id = OLD.id ORDER BY movie_id FOR UPDATE;
        PERFORM FROM reviews
            WHERE user_id = OLD.id OR id IN (SELECT review_id FROM review_votes WHERE user_id = OLD.id)
            ORDER BY id FOR UPDATE;
        PERFORM FROM movie_stats
            WHERE movie_id IN (
                SELECT movie_id FROM ratings WHERE user_id = OLD.id
                UNION SELECT movie_id FROM favorites WHERE user_id = OLD.id
                UNION SELECT movie_id FROM reviews WHERE user_id = OLD.id)
            ORDER BY movie_id FOR UPDATE;
        RETURN OLD;
    END $$;

CREATE TRIGGER users_lock_before_delete BEFORE DELETE ON users
    FOR EACH ROW EXECUTE FUNCTION lock_before_user_delete();

CREATE FUNCTION lock_before_movie_delete() RETURNS trigger
    LANGUAGE plpgsql SET search_path = public, pg_temp
    AS $$
    BEGIN
        PERFORM FROM ratings WHERE movie_id = OLD.id ORDER BY user_id FOR UPDATE;
        PERFORM FROM favorites WHERE movie_id = OLD.id ORDER BY user_id FOR UPDATE;
        PERFORM FROM reviews WHERE movie_id = OLD.id ORDER BY id FOR UPDATE;
        PERFORM FROM movie_stats WHERE movie_id = OLD.id FOR UPDATE;
        RETURN OLD;
    END $$;

CREATE TRIGGER movies_lock_before_delete BEFORE DELETE ON movies
    FOR EACH ROW EXECUTE FUNCTION lock_before_movie_delete();
