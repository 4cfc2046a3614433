-- A histogram of votes: an array of ten counts, how many gave 1, 2, … 10.

CREATE FUNCTION histogram_count(h integer[]) RETURNS integer
    LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT
    AS $$ SELECT h[1] + h[2] + h[3] + h[4] + h[5] + h[6] + h[7] + h[8] + h[9] + h[10] $$;

CREATE FUNCTION histogram_sum(h integer[]) RETURNS integer
    LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT
    AS $$ SELECT h[1] + 2*h[2] + 3*h[3] + 4*h[4] + 5*h[5] + 6*h[6] + 7*h[7] + 8*h[8] + 9*h[9] + 10*h[10] $$;

-- h + factor * d, element by element.
CREATE FUNCTION histogram_add(h integer[], factor integer, d integer[]) RETURNS integer[]
    LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT
    AS $$
        SELECT ARRAY[
            h[1] + factor * d[1], h[2] + factor * d[2], h[3] + factor * d[3], h[4] + factor * d[4], h[5] + factor * d[5],
            h[6] + factor * d[6], h[7] + factor * d[7], h[8] + factor * d[8], h[9] + factor * d[9], h[10] + factor * d[10]]
    $$;
