using System.Globalization;
using MovieAspire.Admin.Audit;
using MovieAspire.ApiClient.Api.V1;

namespace MovieAspire.Admin.Home;

/// <summary>A backup that the worker made, as the audit trail has it. Only admins read that.</summary>
/// <param name="DoneAt">When it was complete.</param>
/// <param name="File">Its name in the worker's folder.</param>
/// <param name="Size">Such as <c>1.4 MB</c>.</param>
/// <param name="Reason">Why the worker made it by itself; null where it was told to.</param>
internal sealed record LatestBackup(DateTimeOffset? DoneAt, string File, string Size, string? Reason)
{
    public static async Task<IReadOnlyList<LatestBackup>> ReadAsync(V1RequestBuilder api)
    {
        var entries = (await api.Admin.Audit.GetAsync(request =>
        {
            request.QueryParameters.Action = AuditText.DatabaseBackedUp;
            request.QueryParameters.Limit = 5;
        }))!;
        return [.. entries.Items!
            .Select(entry => (entry.CreatedAt, Values: AuditText.Values(entry).ToDictionary(value => value.Name, value => value.After)))
            .Select(backup => new LatestBackup(
                backup.CreatedAt,
                backup.Values.GetValueOrDefault("File", ""),
                Format(backup.Values.GetValueOrDefault("Bytes")),
                backup.Values.GetValueOrDefault("Reason")))];
    }

    private static string Format(string? bytes) => !double.TryParse(bytes, CultureInfo.InvariantCulture, out var size) ? ""
        : size < 1_000_000 ? $"{(size / 1_000).ToString("0.0", CultureInfo.InvariantCulture)} kB"
        : $"{(size / 1_000_000).ToString("N1", CultureInfo.InvariantCulture)} MB";
}
