using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using MovieAspire.Data.Entities;

namespace MovieAspire.Data.Configurations;

internal sealed class SessionConfiguration : IEntityTypeConfiguration<Session>
{
    public void Configure(EntityTypeBuilder<Session> builder)
    {
        builder.ToTable("sessions", table => table.HasCheckConstraint("ck_sessions_refreshes", "refreshes >= 0"));
        builder.Property(session => session.Id).ValueGeneratedNever();
        builder.Property(session => session.CreatedAt).IsTimeOfInsert();
        builder.Property(session => session.RefreshedAt).IsTimeOfInsert();
        builder.Property(session => session.UserAgent).HasMaxLength(Limits.UserAgent);
        builder.HasIndex(session => session.UserId);
        builder.HasIndex(session => session.ExpiresAt);
        builder.HasOne<User>().WithMany().HasForeignKey(session => session.UserId).OnDelete(DeleteBehavior.Cascade);
    }
}
