DROP FUNCTION forget_counts() CASCADE;
DROP FUNCTION move_review() CASCADE;
DROP FUNCTION count_review_votes() CASCADE;
DROP FUNCTION count_favorites() CASCADE;
DROP FUNCTION count_reviews() CASCADE;
DROP FUNCTION count_ratings() CASCADE;
DROP FUNCTION add_movie_stats() CASCADE;
