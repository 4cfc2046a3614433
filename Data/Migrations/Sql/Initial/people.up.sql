-- Rules about people that no foreign key or CHECK can say.

CREATE FUNCTION refuse_vote_on_own_review() RETURNS trigger
    LANGUAGE plpgsql SET search_path = public, pg_temp
    AS $$
    BEGIN
        IF EXISTS (SELECT FROM changed JOIN reviews ON reviews.id = changed.review_id WHERE reviews.user_id = changed.user_id) THEN
            RAISE EXCEPTION 'nobody votes on a review of their own'
                USING ERRCODE = 'check_violation', TABLE = 'review_votes', CONSTRAINT = 'ck_review_votes_not_own';
        END IF;
        RETURN NULL;
    END $$;

CREATE TRIGGER review_votes_not_own_inserted AFTER INSERT ON review_votes REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_vote_on_own_review();
CREATE TRIGGER review_votes_not_own_updated AFTER UPDATE ON review_votes REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_vote_on_own_review();
