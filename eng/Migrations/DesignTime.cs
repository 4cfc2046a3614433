using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;
using Microsoft.Extensions.DependencyInjection;
using MovieAspire.Data;
using Npgsql.EntityFrameworkCore.PostgreSQL.Design.Internal;

namespace MovieAspire.Migrations;

/// <summary>The context without a server: nothing here connects.</summary>
internal static class DesignTime
{
    public static MovieDbContext CreateContext() =>
        new(new DbContextOptionsBuilder<MovieDbContext>().UseNpgsql("Host=nowhere").Options);

    public static ServiceProvider CreateServices(MovieDbContext context)
    {
        var services = new ServiceCollection();
        services.AddEntityFrameworkDesignTimeServices();
        services.AddDbContextDesignTimeServices(context);
#pragma warning disable EF1001 // What the dotnet ef tool itself does: it finds this type by reflection.
        new NpgsqlDesignTimeServices().ConfigureDesignTimeServices(services);
#pragma warning restore EF1001
        return services.BuildServiceProvider();
    }
}
