using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using MovieAspire.Data.Entities;

namespace MovieAspire.Data.Configurations;

internal sealed class UserConfiguration : IEntityTypeConfiguration<User>
{
    public void Configure(EntityTypeBuilder<User> builder)
    {
        builder.ToTable("users", table =>
        {
            table.HasNotBlankCheck("display_name");
            table.HasNotBlankCheck("user_name");
        });

        builder.Property(user => user.DisplayName).HasMaxLength(Limits.DisplayName);
        builder.Property(user => user.CreatedAt).IsTimeOfInsert();

        // Identity lets them be null and email addresses repeat; an account here has a name, and an address has one account.
        builder.Property(user => user.UserName).HasMaxLength(Limits.UserName).IsRequired();
        builder.Property(user => user.NormalizedUserName).HasMaxLength(Limits.UserName).IsRequired();
        builder.Property(user => user.Email).HasMaxLength(Limits.UserName);
        builder.Property(user => user.NormalizedEmail).HasMaxLength(Limits.UserName);
        builder.HasIndex(user => user.NormalizedUserName).IsUnique();
        builder.HasIndex(user => user.NormalizedEmail).IsUnique();
    }
}
