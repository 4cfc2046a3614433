using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
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
        builder.Property(user => user.RatingsArePublic).HasDefaultValue(false);
        builder.Property(user => user.FavoritesArePublic).HasDefaultValue(false);
        builder.Property(user => user.CreatedAt).IsTimeOfInsert();

        // Never written by Identity, which updates all columns as it read them earlier: a concurrent login that counts failures would make
        // public again what the user has just made private.
        foreach (var own in (string[])[nameof(User.DisplayName), nameof(User.RatingsArePublic), nameof(User.FavoritesArePublic)])
        {
            builder.Property(own).Metadata.SetAfterSaveBehavior(PropertySaveBehavior.Ignore);
        }

        // Identity lets them be null and email addresses repeat; an account here has a name, and an address has one account.
        builder.Property(user => user.UserName).HasMaxLength(Limits.UserName).IsRequired();
        builder.Property(user => user.NormalizedUserName).HasMaxLength(Limits.UserName).IsRequired();
        builder.Property(user => user.Email).HasMaxLength(Limits.UserName);
        builder.Property(user => user.NormalizedEmail).HasMaxLength(Limits.UserName);
        builder.HasIndex(user => user.NormalizedUserName).IsUnique();
        builder.HasIndex(user => user.NormalizedEmail).IsUnique();

        // For admins, who look for a part of an email address or name.
        builder.HasIndex(user => new { user.Email, user.DisplayName }, "ix_users_trigrams")
            .HasMethod("gin").HasOperators("gin_trgm_ops", "gin_trgm_ops").IsCreatedConcurrently();
    }
}
