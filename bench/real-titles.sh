# shellcheck shell=bash
# Sourced by other scripts after cluster.sh.

# Retitles the movies of the database PGDATABASE: a real title and the second half of another one, so that words are as frequent as in
# reality. Adds a rare genre, and a very rare one.
real_titles() {
  worker titles up --seed movies
  psql -q -v ON_ERROR_STOP=1 -c 'CREATE TABLE title (n serial PRIMARY KEY, words text[])'
  psql -qd titles -c "COPY (SELECT regexp_split_to_array(title, '\s+') FROM movies ORDER BY title, id) TO STDOUT" | psql -qc 'COPY title (words) FROM STDIN'
  psql -q -v ON_ERROR_STOP=1 -f - <<'SQL'
CREATE FUNCTION pg_temp.pick(key text) RETURNS int IMMUTABLE RETURN 1 + ('x' || substr(md5(key), 1, 7))::bit(28)::int % (SELECT count(*)::int FROM title);
UPDATE movies SET title = array_to_string(a.words || b.words[cardinality(b.words) / 2 + 1:], ' ')
FROM (SELECT id, pg_temp.pick('first ' || id) AS a, pg_temp.pick('second ' || id) AS b FROM movies) picked JOIN title a ON a.n = picked.a JOIN title b ON b.n = picked.b
WHERE picked.id = movies.id;
INSERT INTO genres (name) VALUES ('Rare'), ('Very rare');
INSERT INTO movie_genres SELECT m.id, g.id FROM movies m, genres g WHERE g.name = 'Rare' AND m.id % 400 = 17 OR g.name = 'Very rare' AND m.id % 4000 = 17;
DROP FUNCTION pg_temp.pick;
DROP TABLE title;
VACUUM (FULL, ANALYZE) movies;
VACUUM ANALYZE;
SQL
  psql -qd postgres -c 'DROP DATABASE titles'
}
