using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace MovieAspire.Data.Configurations;

/// <summary>Names Identity's own tables in this schema's style; their columns, keys and delete rules are Identity's.</summary>
internal static class IdentityConfiguration
{
    public static void ConfigureIdentityTables(this ModelBuilder builder)
    {
        builder.Entity<IdentityRole<long>>(role =>
        {
            role.ToTable("roles", table => table.HasNotBlankCheck("name"));
            role.Property(r => r.Name).IsRequired();
            role.Property(r => r.NormalizedName).IsRequired();
        });
        builder.Entity<IdentityUserRole<long>>().ToTable("user_roles");
        builder.Entity<IdentityUserClaim<long>>().ToTable("user_claims");
        builder.Entity<IdentityUserLogin<long>>().ToTable("user_logins");
        builder.Entity<IdentityUserToken<long>>().ToTable("user_tokens");
        builder.Entity<IdentityRoleClaim<long>>().ToTable("role_claims");
    }
}
