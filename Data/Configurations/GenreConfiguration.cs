using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using MovieAspire.Data.Entities;

namespace MovieAspire.Data.Configurations;

internal sealed class GenreConfiguration : IEntityTypeConfiguration<Genre>
{
    public void Configure(EntityTypeBuilder<Genre> builder)
    {
        // The check names a collation of its own, since regular expressions refuse one that ignores case.
        builder.ToTable("genres", table => table.HasCheckConstraint("ck_genres_name_not_blank", @"name COLLATE ""C"" ~ '\S'"));
        builder.Property(genre => genre.Name).HasMaxLength(Limits.GenreName);

        // Compares without regard to case, so that "Drama" and "drama" are one genre, in the key as in a filter.
        builder.Property(genre => genre.Name).UseCollation("case_insensitive");
        builder.HasIndex(genre => genre.Name).IsUnique();
    }
}
