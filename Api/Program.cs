using MovieAspire.Api.Accounts;
using MovieAspire.Api.Genres;
using MovieAspire.Api.Health;
using MovieAspire.Api.Movies;
using MovieAspire.Api.OpenApi;
using MovieAspire.Api.Protocol.Json;
using MovieAspire.Api.Protocol.Problems;
using MovieAspire.Api.Protocol.Query;
using MovieAspire.Data;
using MovieAspire.ServiceDefaults;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults();
builder.AddDatabase<MovieDbContext>();
builder.Services.AddHealthChecks().AddCheck<MigrationHealthCheck>("migrations");
builder.Services.AddProblems();
builder.Services.AddAccounts(builder.Configuration);
builder.Services.AddStrictJson();
builder.Services.AddValidation();
builder.Services.AddOpenApiDocument();

var app = builder.Build();
app.UseProblems();
app.UseRouting();
app.UseAccounts();
app.UseMiddleware<StrictQuery>();

var api = app.MapGroup("/api/v1");
api.MapAccounts();
api.MapMovies();
api.MapGenres();
app.MapOpenApi();
app.MapDefaultEndpoints();
app.Run();
