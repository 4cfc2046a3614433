DROP FUNCTION lock_before_movie_delete() CASCADE;
DROP FUNCTION lock_before_user_delete() CASCADE;
