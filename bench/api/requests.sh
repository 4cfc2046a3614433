# shellcheck shell=bash
# For other scripts to source after cluster.sh: what the requests of requests.lua need.
# shellcheck disable=SC2154

publish() { dotnet publish "$1" -c Release --use-current-runtime --no-self-contained -p:PublishReadyToRun=true -o "$2" --nologo -v quiet; }

words() { # words to search, in a file
  psql -qAtc "SELECT pg_catalog.regexp_replace(word, '[^a-z]', '', 'g') FROM (SELECT DISTINCT ON (id) id, word FROM movies, regexp_split_to_table(sort_title, ' ') word
    WHERE id % 997 = 0 ORDER BY id, length(word) DESC, word) longest" | awk 'length > 2' | sort -u >"$work/words"
}

tokens() { # address of the API's accounts: one is registered, and its password becomes that of the users 1 to 16, who log in
  local n
  if [ ! -e "$work/tokens" ]; then
    curl -fsS -o /dev/null --json '{"email":"bench@example.org","password":"correct horse battery staple"}' "$1/register"
    psql -qc "UPDATE users SET user_name = users.email, normalized_user_name = users.normalized_email,
      password_hash = b.password_hash, security_stamp = b.security_stamp FROM users b WHERE b.email = 'bench@example.org' AND users.id <= 16" -c 'VACUUM ANALYZE users'
  fi
  for n in $(seq 16); do
    curl -fsS --json "{\"email\":\"person$n@example.org\",\"password\":\"correct horse battery staple\"}" "$1/login" | jq -r .accessToken
  done >"$work/tokens"
}
