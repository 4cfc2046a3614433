using System.Text.RegularExpressions;
using MovieAspire.Bare;
using Npgsql;

// The upper limit of .NET: Kestrel, Npgsql and source-generated JSON with the statements of bench/api/*.sql, and nothing else.
var builder = WebApplication.CreateSlimBuilder(args);
builder.Logging.SetMinimumLevel(LogLevel.Warning).AddFilter("Microsoft.Hosting.Lifetime", LogLevel.Information);
var app = builder.Build();
await using var source = NpgsqlDataSource.Create(app.Configuration.GetConnectionString("moviedb")!);

var page = Sql("page");
var total = Sql("total");
var detail = Sql("detail");
var search = Sql("search");
var reviews = Sql("reviews");
var favorites = Sql("favorites");
var rating = Sql("rating");

app.MapGet("/health", context => context.Response.WriteAsync("ok"));

app.MapGet("/api/v1/movies", async context =>
{
    var query = context.Request.Query;
    await using var connection = await source.OpenConnectionAsync(context.RequestAborted);
    await using var batch = new NpgsqlBatch(connection);
    batch.BatchCommands.Add(query["search"] is [{ } word] ? Command(search, word) : Command(page));
    var withTotal = query.ContainsKey("includeTotal");
    if (withTotal)
    {
        batch.BatchCommands.Add(Command(total));
    }

    await using var reader = await batch.ExecuteReaderAsync(context.RequestAborted);
    var rows = await ReadPageAsync(reader, row => MovieSummary.Read(row), row => $"{row.GetValue(9)}/{row.GetInt64(0)}", context.RequestAborted);
    if (withTotal)
    {
        await reader.NextResultAsync(context.RequestAborted);
        await reader.ReadAsync(context.RequestAborted);
        rows = rows with { Total = reader.GetInt64(0) };
    }

    await context.Response.WriteAsJsonAsync(rows, BareJson.Default.PageMovieSummary);
});

app.MapGet("/api/v1/movies/{id}", async context =>
{
    await using var connection = await source.OpenConnectionAsync(context.RequestAborted);
    await using var command = Single(connection, detail, Id(context));
    await using var reader = await command.ExecuteReaderAsync(context.RequestAborted);
    if (await reader.ReadAsync(context.RequestAborted))
    {
        await context.Response.WriteAsJsonAsync(MovieDetail.Read(reader), BareJson.Default.MovieDetail);
    }
    else
    {
        context.Response.StatusCode = StatusCodes.Status404NotFound;
    }
});

app.MapGet("/api/v1/movies/{id}/reviews", async context =>
{
    await using var connection = await source.OpenConnectionAsync(context.RequestAborted);
    await using var command = Single(connection, reviews, Id(context));
    await using var reader = await command.ExecuteReaderAsync(context.RequestAborted);
    var rows = await ReadPageAsync(
        reader, Review.Read, row => $"{row.GetFieldValue<DateTimeOffset>(9):O}/{row.GetInt64(0)}", context.RequestAborted);
    await context.Response.WriteAsJsonAsync(rows, BareJson.Default.PageReview);
});

app.MapGet("/api/v1/me/favorites", async context =>
{
    await using var connection = await source.OpenConnectionAsync(context.RequestAborted);
    await using var command = Single(connection, favorites, User(context));
    await using var reader = await command.ExecuteReaderAsync(context.RequestAborted);
    var rows = await ReadPageAsync(
        reader,
        row => new Favorite(MovieSummary.Read(row), row.GetFieldValue<DateTimeOffset>(9)),
        row => $"{row.GetFieldValue<DateTimeOffset>(9):O}/{row.GetInt64(0)}",
        context.RequestAborted);
    await context.Response.WriteAsJsonAsync(rows, BareJson.Default.PageFavorite);
});

app.MapPut("/api/v1/movies/{id}/rating", async context =>
{
    var request = await context.Request.ReadFromJsonAsync(BareJson.Default.RatingRequest, context.RequestAborted);
    await using var connection = await source.OpenConnectionAsync(context.RequestAborted);
    await using var command = Single(connection, rating, User(context), (short)request!.Value, Id(context));
    await using var reader = await command.ExecuteReaderAsync(context.RequestAborted);
    await reader.ReadAsync(context.RequestAborted);
    await context.Response.WriteAsJsonAsync(Rating.Read(reader), BareJson.Default.Rating);
});

app.Run();

// Replaces the parameters :a and :b of a file by $1 and $2, in the order of their first use.
static string Sql(string name)
{
    var text = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "sql", $"{name}.sql")).TrimEnd().TrimEnd(';');
    var number = 0;
    return Regex.Replace(text, @"(?<!:):[a-z]+", _ => $"${++number}");
}

static NpgsqlBatchCommand Command(string sql, params object[] values)
{
    var command = new NpgsqlBatchCommand(sql);
    foreach (var value in values)
    {
        command.Parameters.Add(new() { Value = value });
    }

    return command;
}

static NpgsqlCommand Single(NpgsqlConnection connection, string sql, params object[] values)
{
    var command = new NpgsqlCommand(sql, connection);
    foreach (var value in values)
    {
        command.Parameters.Add(new() { Value = value });
    }

    return command;
}

static long Id(HttpContext context) => long.Parse((string)context.Request.RouteValues["id"]!, null);

static long User(HttpContext context) => long.Parse(context.Request.Headers["X-User"]!, null);

static async Task<Page<T>> ReadPageAsync<T>(
    NpgsqlDataReader reader, Func<NpgsqlDataReader, T> read, Func<NpgsqlDataReader, string> cursor, CancellationToken cancellationToken)
{
    const int Limit = 20;
    List<T> items = new(Limit);
    var last = "";
    while (await reader.ReadAsync(cancellationToken))
    {
        if (items.Count == Limit)
        {
            return new(items, last, null);
        }

        items.Add(read(reader));
        last = items.Count == Limit ? cursor(reader) : last;
    }

    return new(items, null, null);
}
