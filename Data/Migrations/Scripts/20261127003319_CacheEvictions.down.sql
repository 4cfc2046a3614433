DROP FUNCTION evict_changed_movies() CASCADE;
DROP FUNCTION evict_all_movies() CASCADE;


DROP TABLE cache_evictions;

DELETE FROM "__EFMigrationsHistory"
WHERE "MigrationId" = '20261127003319_CacheEvictions';
