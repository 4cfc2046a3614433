-- Every stored aggregate that differs from the rows it stands for; no row means that all are exact.
CREATE FUNCTION wrong_aggregates() RETURNS TABLE (aggregate text, id bigint, stored text, actual text)
    LANGUAGE sql STABLE SET search_path = public, pg_temp
    AS $$
    WITH
        votes AS (SELECT movie_id, value, count(*) AS number FROM ratings GROUP BY movie_id, value),
        histograms AS (
            SELECT movies.id, array_agg(coalesce(votes.number, 0)::integer ORDER BY step) AS histogram
            FROM movies CROSS JOIN generate_series(1, 10) AS step
            LEFT JOIN votes ON votes.movie_id = movies.id AND votes.value = step
            GROUP BY movies.id),
        reviewed AS (SELECT movie_id, count(*) AS number FROM reviews GROUP BY movie_id),
        favored AS (SELECT movie_id, count(*) AS number FROM favorites GROUP BY movie_id),
        helpful AS (SELECT review_id, count(*) AS number FROM review_votes GROUP BY review_id)
    SELECT 'movie_stats.rating_histogram', h.id, s.rating_histogram::text, h.histogram::text
        FROM histograms h LEFT JOIN movie_stats s ON s.movie_id = h.id
        WHERE s.rating_histogram IS DISTINCT FROM h.histogram
    UNION ALL
    SELECT 'movie_stats.review_count', s.movie_id, s.review_count::text, coalesce(r.number, 0)::text
        FROM movie_stats s LEFT JOIN reviewed r USING (movie_id)
        WHERE s.review_count <> coalesce(r.number, 0)
    UNION ALL
    SELECT 'movie_stats.favorite_count', s.movie_id, s.favorite_count::text, coalesce(f.number, 0)::text
        FROM movie_stats s LEFT JOIN favored f USING (movie_id)
        WHERE s.favorite_count <> coalesce(f.number, 0)
    UNION ALL
    SELECT 'reviews.helpful_count', r.id, r.helpful_count::text, coalesce(v.number, 0)::text
        FROM reviews r LEFT JOIN helpful v ON v.review_id = r.id
        WHERE r.helpful_count <> coalesce(v.number, 0)
    $$;
