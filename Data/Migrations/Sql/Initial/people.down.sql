DROP FUNCTION refuse_vote_on_own_review() CASCADE;
