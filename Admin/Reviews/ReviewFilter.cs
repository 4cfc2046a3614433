using System.Globalization;
using Microsoft.AspNetCore.Components;

namespace MovieAspire.Admin.Reviews;

/// <summary>Which reviews are shown, as the address bar has it: those that are reported, unless all are asked for, or those of one.</summary>
/// <param name="Movie">Only reviews of this movie.</param>
/// <param name="User">Only reviews by this user.</param>
/// <param name="All">Every review, where neither movie nor user is named.</param>
/// <param name="Cursor">Where the page begins.</param>
public sealed record ReviewFilter(long? Movie = null, long? User = null, bool All = false, string? Cursor = null)
{
    /// <summary>Whether it asks for the reviews of a movie or of a user.</summary>
    public bool IsOfOne => Movie is not null || User is not null;

    /// <summary>Null for a text that is no id, which only a hand-written address has.</summary>
    public static long? Id(string? text) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : null;

    public string Address(NavigationManager navigation) => navigation.GetUriWithQueryParameters(
        new Uri(new Uri(navigation.BaseUri), "reviews").ToString(),
        new Dictionary<string, object?> { ["movie"] = Movie, ["user"] = User, ["all"] = All ? "true" : null, ["cursor"] = Cursor });
}
