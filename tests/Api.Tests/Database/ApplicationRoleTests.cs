using MovieAspire.Api.Tests.Support;

namespace MovieAspire.Api.Tests.Database;

/// <summary>Every test of the API is one of what its role in the database may do.</summary>
public sealed class ApplicationRoleTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    [Fact]
    public async Task Api_connects_as_the_role_that_only_reads_and_writes_rows()
    {
        await api.CreateClient().GetJsonAsync("/api/v1/genres");
        Assert.Equal(
            "movieaspire_test_application",
            await api.ScalarAsync<string>(
                $"SELECT string_agg(DISTINCT usename, ', ') FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"));
        Assert.True(await api.ScalarAsync<bool>($"SELECT NOT rolsuper FROM pg_roles WHERE rolname = 'movieaspire_test_application'"));
        Assert.False(await api.ScalarAsync<bool>($"SELECT has_table_privilege('movieaspire_test_application', 'movies', 'TRUNCATE')"));
    }
}
