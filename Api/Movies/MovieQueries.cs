using System.Linq.Expressions;
using Microsoft.EntityFrameworkCore;
using MovieAspire.Api.Database;
using MovieAspire.Data;
using MovieAspire.Data.Entities;

namespace MovieAspire.Api.Movies;

/// <summary>A movie with its counts and genres: the start of every query of movies.</summary>
internal sealed class MovieRow
{
    public required Movie Movie { get; init; }

    public required MovieStats Stats { get; init; }

    /// <summary>Sorted by name.</summary>
    public required string[] Genres { get; init; }
}

internal static class MovieQueries
{
    /// <summary>A field, because EF Core compiles captured expressions other than fields and properties for each query.</summary>
    private static readonly string[] NoGenres = [];

    /// <summary>
    /// Starts from the counts: movies with <see cref="Movie.Stats"/> would be a LEFT JOIN, which sorts all movies before it takes a page.
    /// The genres are grouped into one array, since a list of them would be rows of its own, each with all columns of the movie.
    /// They are sorted here: PostgreSQL would spend a fifth of a page's time on it.
    /// </summary>
    public static readonly Expression<Func<MovieDbContext, IQueryable<MovieRow>>> Rows = db =>
        from stats in db.MovieStats
        join movie in db.Movies on stats.MovieId equals movie.Id
        select new MovieRow
        {
            Movie = movie,
            Stats = stats,
            Genres = Sort((from link in db.MovieGenres
                           join genre in db.Genres on link.GenreId equals genre.Id
                           where link.MovieId == movie.Id
                           group genre by 1 into genres
                           select EF.Functions.ArrayAgg(genres.Select(genre => genre.Name))).FirstOrDefault() ?? NoGenres),
        };

    /// <summary>All movies, as shown in lists.</summary>
    public static readonly Expression<Func<MovieDbContext, IQueryable<MovieSummary>>> Summaries = Rows.Select(MovieSummary.FromRow);

    private static readonly Func<MovieDbContext, IQueryable<MovieRow>> RowsOf = Rows.Compile();

    private static readonly Func<MovieDbContext, long, IAsyncEnumerable<MovieDetail>> Detail = CompiledQuery.Create(
        CompiledQuery.Compose<MovieRow, MovieRow>(Rows, (_, id, rows) => rows.Where(row => row.Movie.Id == id)),
        rows => rows.Select(MovieDetail.FromRow));

    public static IQueryable<MovieRow> MovieRows(this MovieDbContext db) => RowsOf(db);

    public static async Task<MovieDetail?> FindMovieAsync(this MovieDbContext db, long id, CancellationToken cancellationToken) =>
        await Detail(db, id).FirstOrDefaultAsync(cancellationToken);

    /// <summary>The movie as a request would write it.</summary>
    public static Task<MovieRequest?> FindMovieRequestAsync(this MovieDbContext db, long id, CancellationToken cancellationToken) =>
        db.MovieRows().Where(row => row.Movie.Id == id).Select(MovieRequest.FromRow).FirstOrDefaultAsync(cancellationToken);

    /// <summary>Distinguishes an empty list of a movie from the 404 of a movie that does not exist.</summary>
    public static Task<bool> MovieExistsAsync(this MovieDbContext db, long id, CancellationToken cancellationToken) =>
        db.Movies.AnyAsync(movie => movie.Id == id, cancellationToken);

    /// <summary>Sorts names as the collation of genres does, ignoring case.</summary>
    private static string[] Sort(string[] names)
    {
        Array.Sort(names, StringComparer.InvariantCultureIgnoreCase);
        return names;
    }
}
