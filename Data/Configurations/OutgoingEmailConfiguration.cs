using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using MovieAspire.Data.Entities;

namespace MovieAspire.Data.Configurations;

internal sealed class OutgoingEmailConfiguration : IEntityTypeConfiguration<OutgoingEmail>
{
    public void Configure(EntityTypeBuilder<OutgoingEmail> builder)
    {
        builder.ToTable("outgoing_emails", table =>
        {
            table.HasNotBlankCheck("recipient");
            table.HasNotBlankCheck("subject");
            table.HasCheckConstraint("ck_outgoing_emails_attempts", "attempts >= 0");
        });

        builder.Property(email => email.Recipient).HasMaxLength(Limits.UserName);
        builder.Property(email => email.Subject).HasMaxLength(Limits.EmailSubject);
        builder.Property(email => email.CreatedAt).IsTimeOfInsert();
        builder.Property(email => email.NextAttemptAt).IsTimeOfInsert();
        builder.HasIndex(email => new { email.NextAttemptAt, email.Id });
    }
}
