using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using MovieAspire.Data.Entities;

namespace MovieAspire.Data.Configurations;

internal sealed class MovieStatsConfiguration : IEntityTypeConfiguration<MovieStats>
{
    public void Configure(EntityTypeBuilder<MovieStats> builder)
    {
        builder.ToTable("movie_stats", table =>
        {
            table.HasCheckConstraint(
                "ck_movie_stats_rating_histogram",
                "cardinality(rating_histogram) = 10 AND array_position(rating_histogram, NULL) IS NULL AND 0 <= ALL (rating_histogram)");
            table.HasCheckConstraint("ck_movie_stats_review_count", "review_count >= 0");
            table.HasCheckConstraint("ck_movie_stats_favorite_count", "favorite_count >= 0");
        });

        builder.HasKey(stats => stats.MovieId);
        builder.Property(stats => stats.MovieId).ValueGeneratedNever();
        builder.HasOne<Movie>().WithOne(movie => movie.Stats).HasForeignKey<MovieStats>(stats => stats.MovieId)
            .OnDelete(DeleteBehavior.Cascade);

        builder.Property(stats => stats.RatingHistogram).HasDefaultValueSql("'{0,0,0,0,0,0,0,0,0,0}'");
        builder.Property(stats => stats.ReviewCount).HasDefaultValue(0);
        builder.Property(stats => stats.FavoriteCount).HasDefaultValue(0);

        // Everything else about ratings follows from the histogram, so that it cannot contradict it.
        builder.Property(stats => stats.RatingCount).HasComputedColumnSql("histogram_count(rating_histogram)", stored: true);
        builder.Property(stats => stats.RatingSum).HasComputedColumnSql("histogram_sum(rating_histogram)", stored: true);
        builder.Property(stats => stats.AverageRating).HasPrecision(4, 2)
            .HasComputedColumnSql("histogram_sum(rating_histogram)::numeric / nullif(histogram_count(rating_histogram), 0)", stored: true);
        builder.Property(stats => stats.Score).HasComputedColumnSql(
            $"({MovieStats.PriorWeight * MovieStats.PriorMean} + histogram_sum(rating_histogram))::double precision" +
            $" / ({MovieStats.PriorWeight} + histogram_count(rating_histogram))",
            stored: true);

        builder.HasIndex(stats => new { stats.RatingCount, stats.MovieId });
        builder.HasIndex(stats => new { stats.Score, stats.MovieId });
        builder.HasIndex(stats => stats.AverageRating);
    }
}
