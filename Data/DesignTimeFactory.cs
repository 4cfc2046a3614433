using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;

namespace MovieAspire.Data;

/// <summary>
/// Gives <c>dotnet ef</c> the context. Migrations are made from the model alone; only what looks into a database, such as
/// <c>migrations list</c>, connects to the one that <c>ConnectionStrings__moviedb</c> names.
/// </summary>
public sealed class DesignTimeFactory : IDesignTimeDbContextFactory<MovieDbContext>
{
    public MovieDbContext CreateDbContext(string[] args) => new(new DbContextOptionsBuilder<MovieDbContext>()
        .UseNpgsql(Environment.GetEnvironmentVariable("ConnectionStrings__moviedb"))
        .Options);
}
