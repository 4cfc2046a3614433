-- The requests of wrk: wrk -s requests.lua ADDRESS -- SCENARIO FOLDER. FOLDER contains search terms, and tokens of the users 1, 2, …
-- The API reads the token, the bare program the header X-User. Prints requests, microseconds, failures, p50 and p99 in microseconds.
-- Runs with another SEED send other requests: a rating that is there already would cost nothing. With PAUSE, each client waits that many
-- milliseconds after a response. With SHED, responses with 503 are counted, which is printed last, and p50 and p99 are those of the others:
-- what is shed is faster than what is taken.
local threads = {}
function setup(thread)
  threads[#threads + 1] = thread
  thread:set("seed", (os.getenv("SEED") or 0) + #threads)
end

local function lines(name)
  local all = {}
  for line in io.lines(name) do all[#all + 1] = line end
  return all
end

local movies = "/api/v1/movies"
local scenarios
scenarios = {
  page = function() return "GET", movies .. "?sort=-rating" end,
  total = function() return "GET", movies .. "?sort=-rating&includeTotal=true" end,
  detail = function() return "GET", movies .. "/" .. math.random(100000) end,
  search = function() return "GET", movies .. "?search=" .. words[math.random(#words)] end,
  reviews = function() return "GET", movies .. "/" .. 400 * math.random(200) .. "/reviews" end,
  favorites = function() return "GET", "/api/v1/me/favorites", math.random(#tokens) end,
  rating = function() return "PUT", movies .. "/" .. math.random(100000) .. "/rating", math.random(#tokens), '{"value":' .. math.random(10) .. "}" end,
  same = function() return "PUT", movies .. "/400/rating", math.random(#tokens), '{"value":' .. math.random(10) .. "}" end,
  mix = function()
    local n = math.random(100)
    local name = n <= 50 and "detail" or n <= 75 and "page" or n <= 85 and "search" or n <= 95 and "reviews" or "rating"
    return scenarios[name]()
  end,
}

function init(args)
  math.randomseed(seed)
  scenario, words, tokens = scenarios[args[1]], lines(args[2] .. "/words"), lines(args[2] .. "/tokens")
end

function request()
  local method, path, user, body = scenario()
  local headers = {}
  if user then headers["Authorization"], headers["X-User"] = "Bearer " .. tokens[user], user end
  if body then headers["Content-Type"] = "application/json" end
  return wrk.format(method, path, headers, body)
end

local pause = tonumber(os.getenv("PAUSE") or 0)
if pause > 0 then
  function delay() return pause end
end

shed = 0
if os.getenv("SHED") then
  function response(status)
    if status == 503 then shed = shed + 1 end
  end
end

function done(summary, latency)
  local errors = summary.errors
  local refused = 0
  for _, thread in ipairs(threads) do refused = refused + thread:get("shed") end
  local function percentile(taken) return latency:percentile(100 - (100 - taken) * (1 - refused / summary.requests)) end
  local failures = errors.status + errors.connect + errors.read + errors.write + errors.timeout
  io.write(string.format("result %d %d %d %d %d %d\n", summary.requests, summary.duration, failures, percentile(50), percentile(99), refused))
end
