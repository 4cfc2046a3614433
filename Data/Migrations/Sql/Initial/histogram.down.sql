DROP FUNCTION histogram_add(integer[], integer, integer[]);
DROP FUNCTION histogram_sum(integer[]);
DROP FUNCTION histogram_count(integer[]);
