using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using MovieAspire.Data.Entities;

namespace MovieAspire.Data.Configurations;

internal sealed class IdempotencyKeyConfiguration : IEntityTypeConfiguration<IdempotencyKey>
{
    public void Configure(EntityTypeBuilder<IdempotencyKey> builder)
    {
        builder.ToTable("idempotency_keys", table =>
        {
            table.HasNotBlankCheck("key");
            table.HasCheckConstraint("ck_idempotency_keys_request_hash", "octet_length(request_hash) = 32");
            table.HasCheckConstraint("ck_idempotency_keys_status_code", "status_code BETWEEN 100 AND 599");
        });

        builder.Property(key => key.Key).HasMaxLength(Limits.IdempotencyKey);
        builder.Property(key => key.ResponseHeaders).HasColumnType("jsonb");
        builder.Property(key => key.CreatedAt).IsTimeOfInsert();
        builder.HasIndex(key => new { key.UserId, key.Key }).IsUnique().AreNullsDistinct(false);
        builder.HasIndex(key => key.CreatedAt);
        builder.HasOne<User>().WithMany().HasForeignKey(key => key.UserId).OnDelete(DeleteBehavior.Cascade);
    }
}
