using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Identity.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore;
using MovieAspire.Data.Configurations;
using MovieAspire.Data.Entities;

namespace MovieAspire.Data;

/// <summary>The database <c>moviedb</c>. <c>Configurations/</c> has a file for each entity.</summary>
public sealed class MovieDbContext(DbContextOptions<MovieDbContext> options)
    : IdentityDbContext<User, IdentityRole<long>, long>(options)
{
    public DbSet<Movie> Movies => Set<Movie>();

    public DbSet<Genre> Genres => Set<Genre>();

    public DbSet<MovieGenre> MovieGenres => Set<MovieGenre>();

    public DbSet<MovieStats> MovieStats => Set<MovieStats>();

    public DbSet<Rating> Ratings => Set<Rating>();

    public DbSet<Favorite> Favorites => Set<Favorite>();

    public DbSet<Review> Reviews => Set<Review>();

    public DbSet<ReviewVote> ReviewVotes => Set<ReviewVote>();

    public DbSet<DataProtectionKey> DataProtectionKeys => Set<DataProtectionKey>();

    public DbSet<IdempotencyKey> IdempotencyKeys => Set<IdempotencyKey>();

    public DbSet<Session> Sessions => Set<Session>();

    public DbSet<AuditEntry> AuditEntries => Set<AuditEntry>();

    public DbSet<ReviewReport> ReviewReports => Set<ReviewReport>();

    public DbSet<OutgoingEmail> OutgoingEmails => Set<OutgoingEmail>();

    public DbSet<MovieChange> MovieChanges => Set<MovieChange>();

    // Pinned: otherwise Identity's options in whichever process builds the model would change the schema.
    protected override Version SchemaVersion => IdentitySchemaVersions.Version2;

    protected override void OnModelCreating(ModelBuilder builder)
    {
        base.OnModelCreating(builder);
        builder.HasPostgresExtension("pg_trgm");
        builder.HasPostgresExtension("unaccent");
        builder.HasCollation("case_insensitive", locale: "und-u-ks-level2", provider: "icu", deterministic: false);
        builder.ConfigureIdentityTables();
        builder.ApplyConfigurationsFromAssembly(typeof(MovieDbContext).Assembly);
        builder.UseSnakeCase();
    }
}
