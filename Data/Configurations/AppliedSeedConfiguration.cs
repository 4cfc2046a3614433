using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using MovieAspire.Data.Entities;

namespace MovieAspire.Data.Configurations;

internal sealed class AppliedSeedConfiguration : IEntityTypeConfiguration<AppliedSeed>
{
    public void Configure(EntityTypeBuilder<AppliedSeed> builder)
    {
        builder.ToTable("applied_seeds", table => table.HasNotBlankCheck("profile"));
        builder.HasKey(seed => seed.Profile);
        builder.Property(seed => seed.Checksum).HasMaxLength(64).IsFixedLength();
        builder.Property(seed => seed.AppliedAt).IsTimeOfInsert();
    }
}
