using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using MovieAspire.Data.Entities;

namespace MovieAspire.Data.Configurations;

internal sealed class MovieConfiguration : IEntityTypeConfiguration<Movie>
{
    public void Configure(EntityTypeBuilder<Movie> builder)
    {
        builder.ToTable("movies", table =>
        {
            table.HasNotBlankCheck("title");
            table.HasNotBlankCheck("director");
            table.HasNotBlankCheck("distributor");
            table.HasCheckConstraint(
                "ck_movies_release_date",
                $"release_date BETWEEN '{Limits.MinReleaseDate:O}' AND '{Limits.MaxReleaseDate:O}'");
            table.HasCheckConstraint("ck_movies_runtime_minutes", $"runtime_minutes BETWEEN {Limits.MinRuntime} AND {Limits.MaxRuntime}");
            table.HasCheckConstraint(
                "ck_movies_mpaa_rating",
                $"mpaa_rating IN ({string.Join(", ", Limits.MpaaRatings.Select(rating => $"'{rating}'"))})");
            table.HasCheckConstraint("ck_movies_money", "budget >= 0 AND domestic_gross >= 0 AND worldwide_gross >= 0");
            table.HasCheckConstraint("ck_movies_imdb_rating", $"imdb_rating BETWEEN {Limits.MinRating} AND {Limits.MaxRating}");
            table.HasCheckConstraint("ck_movies_imdb_votes", "imdb_votes >= 0");
            table.HasCheckConstraint("ck_movies_imdb_id", $"imdb_id ~ '{Limits.ImdbIdPattern}'");
            table.HasCheckConstraint("ck_movies_tmdb_id", "tmdb_id > 0");
        });

        builder.Property(movie => movie.Title).HasMaxLength(Limits.MovieTitle);
        builder.Property(movie => movie.MpaaRating).HasMaxLength(Limits.MpaaRatings.Max(rating => rating.Length));
        builder.Property(movie => movie.Director).HasMaxLength(Limits.PersonName);
        builder.Property(movie => movie.Distributor).HasMaxLength(Limits.CompanyName);
        builder.Property(movie => movie.ImdbRating).HasPrecision(3, 1);
        builder.Property(movie => movie.ImdbId).HasMaxLength(Limits.ImdbId);
        builder.Property(movie => movie.CreatedAt).IsTimeOfInsert();
        builder.Property(movie => movie.UpdatedAt).IsTimeOfUpdate();
        builder.Property(movie => movie.Version).IsRowVersionCounter();

        // Collation "C": the same order on every machine, which cursors depend on.
        builder.Property(movie => movie.SortTitle).UseCollation("C")
            .HasComputedColumnSql("lower(immutable_unaccent(title))", stored: true);
        builder.Property(movie => movie.SearchVector)
            .HasComputedColumnSql("movie_search_vector(title, director)", stored: true);

        builder.HasIndex(movie => new { movie.Title, movie.ReleaseDate }).IsUnique();
        builder.HasIndex(movie => new { movie.ReleaseDate, movie.Id });
        builder.HasIndex(movie => new { movie.SortTitle, movie.Id });
        builder.HasIndex(movie => new { movie.UpdatedAt, movie.Id });
        builder.HasIndex(movie => movie.ImdbId).IsUnique().IsCreatedConcurrently();
        builder.HasIndex(movie => movie.TmdbId).IsUnique().IsCreatedConcurrently();
        builder.HasIndex(movie => movie.SearchVector).HasMethod("gin");
        builder.HasIndex(movie => movie.SortTitle, "ix_movies_sort_title_trigrams").HasMethod("gin").HasOperators("gin_trgm_ops");

        // A trigger adds the row with the movie, so queries may join it without asking whether it is there.
        builder.Navigation(movie => movie.Stats).IsRequired();
        builder.HasMany(movie => movie.Genres).WithMany(genre => genre.Movies).UsingEntity<MovieGenre>();
    }
}
