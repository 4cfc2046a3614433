using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using MovieAspire.Data.Entities;

namespace MovieAspire.Data.Configurations;

internal sealed class DataProtectionKeyConfiguration : IEntityTypeConfiguration<DataProtectionKey>
{
    public void Configure(EntityTypeBuilder<DataProtectionKey> builder)
    {
        builder.ToTable("data_protection_keys", table => table.HasNotBlankCheck("xml"));
        builder.HasIndex(key => key.FriendlyName).IsUnique();
    }
}
