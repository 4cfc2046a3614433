DROP FUNCTION evict_changed_movies() CASCADE;
DROP FUNCTION evict_all_movies() CASCADE;
