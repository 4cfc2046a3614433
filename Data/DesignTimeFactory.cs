using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;

namespace MovieAspire.Data;

/// <summary>Gives <c>dotnet ef</c> the context. It names no server, since migrations are made from the model alone.</summary>
public sealed class DesignTimeFactory : IDesignTimeDbContextFactory<MovieDbContext>
{
    public MovieDbContext CreateDbContext(string[] args) => new(new DbContextOptionsBuilder<MovieDbContext>().UseNpgsql().Options);
}
