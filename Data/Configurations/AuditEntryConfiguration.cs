using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using MovieAspire.Data.Entities;

namespace MovieAspire.Data.Configurations;

internal sealed class AuditEntryConfiguration : IEntityTypeConfiguration<AuditEntry>
{
    public void Configure(EntityTypeBuilder<AuditEntry> builder)
    {
        // No foreign keys: an entry outlives the account that acted and what it was done to.
        builder.ToTable("audit_entries", table =>
        {
            table.HasNotBlankCheck("action");
            table.HasNotBlankCheck("subject_type");
        });

        builder.Property(entry => entry.CreatedAt).IsTimeOfInsert();
        builder.Property(entry => entry.Action).HasMaxLength(Limits.AuditAction);
        builder.Property(entry => entry.SubjectType).HasMaxLength(Limits.AuditAction);
        builder.Property(entry => entry.Before).HasColumnType("jsonb");
        builder.Property(entry => entry.After).HasColumnType("jsonb");
    }
}
