// The journey of docs/api.md by a client whose types openapi-typescript generates: node journey.js ADDRESS ADMINS_TOKEN.
import createClient from "openapi-fetch";
import type { components, paths } from "./api.js";

const [address, adminToken] = process.argv.slice(2);

const connect = (token?: string) =>
  createClient<paths>({ baseUrl: address, headers: token === undefined ? {} : { Authorization: `Bearer ${token}` } });

function check(step: string, isGood: boolean): asserts isGood {
  if (!isGood) throw new Error(`Wrong answer: ${step}`);
}

const anonymous = connect();
const admin = connect(adminToken);

const credentials = { email: "typescript@example.com", password: "zihuatanejo by the sea" };
await anonymous.POST("/api/v1/auth/register", { body: credentials });
const login = await anonymous.POST("/api/v1/auth/login", { body: credentials });
check("login", login.data !== undefined);
const user = connect(login.data.accessToken);

// A copy of the catalog, which then follows its changes.
let since: string | undefined;
async function follow() {
  const changes: components["schemas"]["ChangedMovie"][] = [];
  for (let hasMore = true; hasMore; ) {
    const page = await anonymous.GET("/api/v1/movies/changes", { params: { query: { since, limit: 1000 } } });
    check("changes", page.data !== undefined);
    changes.push(...page.data.items);
    ({ since, hasMore } = page.data);
  }
  return changes;
}
await follow();

// An admin writes the catalog.
const facts = { title: "TypeScript", releaseDate: "2001-02-03", director: "Nobody", mpaaRating: "PG" as const, genres: ["Drama"] };
const created = await admin.POST("/api/v1/movies", { body: facts });
check("created", created.data !== undefined && created.response.headers.get("Location") === `/api/v1/movies/${created.data.id}`);
const id = created.data.id;
const tag = created.response.headers.get("ETag")!;
const movie = { path: { id } };

const changeOf = async (id: number) => (await follow()).find((change) => change.id === id);
const creation = await changeOf(id);
check("change of a new movie", creation?.change === "created" && creation.movie?.title === facts.title);

const patch = (ifMatch: string) =>
  admin.PATCH("/api/v1/movies/{id}", {
    params: { ...movie, header: { "If-Match": ifMatch } },
    headers: { "Content-Type": "application/merge-patch+json" },
    body: { runtimeMinutes: 142, director: null },
  });
const patched = await patch(tag);
check("merge patch", patched.data?.runtimeMinutes === 142 && patched.data.director === null && patched.data.title === facts.title);
const edit = await changeOf(id);
check("change of an edited movie", edit?.change === "updated" && edit.movie?.runtimeMinutes === 142);
check("stale tag", (await patch(tag)).error?.code === "precondition_failed");
check("second movie", (await admin.POST("/api/v1/movies", { body: facts })).error?.code === "movie_exists");
check("no admin", (await user.DELETE("/api/v1/movies/{id}", { params: movie })).error?.code === "forbidden");

const films = [{ title: "Imported by TypeScript", releaseDate: "2002-03-04", genres: ["Crime"] }, { title: " ", releaseDate: "2002-03-04" }];
const array = await admin.POST("/api/v1/movies/import", { body: films });
check("import of an array", array.data?.created === 1 && array.data.rejections[0]?.line === 2);
const lines = await admin.POST("/api/v1/movies/import", {
  headers: { "Content-Type": "application/x-ndjson" },
  body: films.map((film) => JSON.stringify(film)).join("\n"),
  bodySerializer: (body) => body as string,
});
check("import of lines", lines.data?.unchanged === 1 && lines.data.rejected === 1);
const exported = await anonymous.GET("/api/v1/movies/export", { parseAs: "text" });
const titles = exported.data!.trim().split("\n").map((line) => (JSON.parse(line) as { title: string }).title);
check("export", [facts.title, films[0]!.title].every((title) => titles.filter((other) => other === title).length === 1));

// A user rates and reviews.
const about = { path: { movieId: id } };
check("rating", (await user.PUT("/api/v1/movies/{movieId}/rating", { params: about, body: { value: 9 } })).data?.value === 9);
const review = await user.POST("/api/v1/movies/{movieId}/reviews", { params: about, body: { title: "Good", body: "I liked it." } });
check("review", review.data !== undefined);
const author = { path: { id: review.data.author.id } };
const found = await anonymous.GET("/api/v1/movies", { params: { query: { search: "typescript", genre: ["Drama"] } } });
check("search", found.data?.items.some((item) => item.id === id && item.ratingCount === 1 && item.reviewCount === 1) === true);
const read = await anonymous.GET("/api/v1/reviews/{id}", { params: { path: { id: review.data.id } } });
check("review read", read.data?.author.id === review.data.author.id);
check("private ratings", (await anonymous.GET("/api/v1/users/{id}/ratings", { params: author })).error?.code === "private_list");
await user.PATCH("/api/v1/me", {
  headers: { "Content-Type": "application/merge-patch+json" },
  body: { displayName: "TypeScript", ratingsPublic: true },
});
check("public ratings", (await anonymous.GET("/api/v1/users/{id}/ratings", { params: author })).data?.items[0]?.movie.id === id);
check("profile", (await user.GET("/api/v1/me")).data?.displayName === "TypeScript");
check("own data", (await user.GET("/api/v1/me/export")).data?.reviews[0]?.title === "Good");

await admin.DELETE("/api/v1/movies/{id}", { params: { ...movie, header: { "If-Match": "*" } } });
check("deleted", (await anonymous.GET("/api/v1/movies/{id}", { params: movie })).error?.code === "not_found");
const deletion = await changeOf(id);
check("change of a movie that is gone", deletion?.change === "deleted" && deletion.movie === undefined);
await user.DELETE("/api/v1/me");
check("left", (await user.GET("/api/v1/me")).error?.code === "unauthenticated");
