using Microsoft.EntityFrameworkCore;
using MovieAspire.Testing;
using Npgsql;

namespace MovieAspire.Api.Tests.Support;

internal static class Plans
{
    /// <summary>Makes the planner read a page from an index; with few rows it prefers to scan and sort.</summary>
    public const string IndexOrder = "SET enable_seqscan = off; SET enable_sort = off; SET enable_hashjoin = off; SET enable_mergejoin = off";

    /// <summary>The plan of the query after these settings.</summary>
    public static async Task<string> PlanAsync(this ApiFixture api, IQueryable query, string closed)
    {
        await using var connection = new NpgsqlConnection(api.ConnectionString);
        await connection.OpenAsync();
        await connection.ExecuteAsync(closed);
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
