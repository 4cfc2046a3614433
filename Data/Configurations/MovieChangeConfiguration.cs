using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using MovieAspire.Data.Entities;

namespace MovieAspire.Data.Configurations;

internal sealed class MovieChangeConfiguration : IEntityTypeConfiguration<MovieChange>
{
    public void Configure(EntityTypeBuilder<MovieChange> builder)
    {
        // No foreign key: what was deleted is told for good.
        builder.ToTable("movie_changes", table => table.HasCheckConstraint("ck_movie_changes_number", "number >= created_number"));
        builder.HasKey(change => change.MovieId);
        builder.Property(change => change.MovieId).ValueGeneratedNever();
        builder.Property(change => change.Number).UseIdentityByDefaultColumn();
        builder.Property(change => change.ChangedAt).IsTimeOfInsert();
        builder.HasIndex(change => change.Number).IsUnique();
    }
}
