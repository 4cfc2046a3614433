using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using MovieAspire.Data.Entities;

namespace MovieAspire.Data.Configurations;

internal sealed class CacheEvictionConfiguration : IEntityTypeConfiguration<CacheEviction>
{
    public void Configure(EntityTypeBuilder<CacheEviction> builder)
    {
        // Unlogged, because rows are needed for seconds only: after a crash that empties the table, the replicas evict everything.
        builder.ToTable("cache_evictions").IsUnlogged();
        builder.HasNoKey();
        builder.Property(eviction => eviction.TransactionId).HasColumnType("xid8").HasDefaultValueSql("pg_current_xact_id()");
        builder.HasIndex(eviction => eviction.TransactionId);
    }
}
