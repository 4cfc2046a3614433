using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace MovieAspire.Api.Tests.Support;

internal static class Plans
{
    /// <summary>How PostgreSQL runs a query. With few rows the planner prefers to scan and sort, so these plans are disabled.</summary>
    /// <param name="api">Whose database.</param>
    /// <param name="query">The query.</param>
    /// <param name="closed">Statements that disable plans.</param>
    public static async Task<string> PlanAsync(this ApiFixture api, IQueryable query, string closed)
    {
        await using var connection = new NpgsqlConnection(api.ConnectionString);
        await connection.OpenAsync();
        await using (var settings = new NpgsqlCommand(closed, connection))
        {
            await settings.ExecuteNonQueryAsync();
        }

        await using var command = query.CreateDbCommand();
        command.Connection = connection;
        command.CommandText = "EXPLAIN (COSTS OFF) " + command.CommandText;
        await using var reader = await command.ExecuteReaderAsync();
        List<string> lines = [];
        while (await reader.ReadAsync())
        {
            lines.Add(reader.GetString(0));
        }

        return string.Join('\n', lines);
    }
}
