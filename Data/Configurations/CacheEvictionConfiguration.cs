using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using MovieAspire.Data.Entities;

namespace MovieAspire.Data.Configurations;

internal sealed class CacheEvictionConfiguration : IEntityTypeConfiguration<CacheEviction>
{
    public void Configure(EntityTypeBuilder<CacheEviction> builder)
    {
        // Needed for seconds only, so nothing is lost where a crash of the server empties it: the replicas start over with it.
        builder.ToTable("cache_evictions").IsUnlogged();
        builder.HasNoKey();
        builder.Property(eviction => eviction.TransactionId).HasColumnType("xid8").HasDefaultValueSql("pg_current_xact_id()");
        builder.HasIndex(eviction => eviction.TransactionId);
    }
}
