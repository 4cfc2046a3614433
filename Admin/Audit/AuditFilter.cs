using System.Globalization;
using Microsoft.AspNetCore.Components;
using Microsoft.Kiota.Abstractions.Helpers;
using MovieAspire.Admin.Forms;
using MovieAspire.ApiClient.Api.V1.Admin.Audit;

namespace MovieAspire.Admin.Audit;

/// <summary>
/// Which acts are shown, as the address bar has it. An invalid value, which only a hand-written address has, is ignored; its box tells so.
/// </summary>
public sealed record AuditFilter
{
    public static RequestRules Rules { get; } = RequestRules.FromParameters("/api/v1/admin/audit");

    public string? Action { get; init; }

    public string? SubjectType { get; init; }

    public string? SubjectId { get; init; }

    public long? ActorId { get; init; }

    /// <summary>The first day (UTC).</summary>
    public string? From { get; init; }

    /// <summary>The last day (UTC).</summary>
    public string? To { get; init; }

    public string? Cursor { get; init; }

    public string Address(NavigationManager navigation) => navigation.GetUriWithQueryParameters(
        new Uri(new Uri(navigation.BaseUri), "audit").ToString(),
        new Dictionary<string, object?>
        {
            ["action"] = Text(Action),
            ["subjectType"] = Text(SubjectType),
            ["subjectId"] = Text(SubjectId),
            ["actorId"] = ActorId,
            ["from"] = Text(From),
            ["to"] = Text(To),
            ["cursor"] = Text(Cursor),
        });

    /// <summary>Asks the API for it.</summary>
    public void ApplyTo(AuditRequestBuilder.AuditRequestBuilderGetQueryParameters query)
    {
        query.Action = Text(Action);
        query.SubjectType = SubjectType is null ? null : EnumHelpers.GetEnumValue<GetSubjectTypeQueryParameterType>(SubjectType);
        query.SubjectId = NumberText.ParseWhole(SubjectId);
        query.ActorId = ActorId;
        query.From = Day(From);
        query.To = Day(To)?.AddDays(1);
        query.Cursor = Text(Cursor);
        query.Limit = 50;
    }

    private static string? Text(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();

    private static DateTimeOffset? Day(string? text) =>
        DateTimeOffset.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var day)
        && day.UtcDateTime.Date < DateTime.MaxValue.Date
            ? day
            : null;
}
