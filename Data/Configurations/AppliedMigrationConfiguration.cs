using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using MovieAspire.Data.Entities;

namespace MovieAspire.Data.Configurations;

internal sealed class AppliedMigrationConfiguration : IEntityTypeConfiguration<AppliedMigration>
{
    public void Configure(EntityTypeBuilder<AppliedMigration> builder)
    {
        builder.ToTable("applied_migrations");
        builder.HasKey(migration => migration.MigrationId);
        builder.Property(migration => migration.MigrationId).HasMaxLength(150);
        builder.Property(migration => migration.Checksum).HasMaxLength(64).IsFixedLength();
        builder.Property(migration => migration.AppliedAt).IsTimeOfInsert();
    }
}
