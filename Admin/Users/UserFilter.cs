using Microsoft.AspNetCore.Components;
using Microsoft.Kiota.Abstractions.Helpers;
using MovieAspire.Admin.Forms;
using MovieAspire.ApiClient.Api.V1.Admin.Users;

namespace MovieAspire.Admin.Users;

/// <summary>Which accounts are shown, as the address bar has it.</summary>
/// <param name="Search">A part of email or name.</param>
/// <param name="Role">Only accounts with this role.</param>
/// <param name="Locked">Only accounts that are locked, or only others.</param>
/// <param name="Cursor">Where the page begins.</param>
public sealed record UserFilter(string? Search = null, string? Role = null, bool? Locked = null, string? Cursor = null)
{
    public static RequestRules Rules { get; } = RequestRules.FromParameters("/api/v1/admin/users");

    public string Address(NavigationManager navigation) => navigation.GetUriWithQueryParameters(
        new Uri(new Uri(navigation.BaseUri), "users").ToString(),
        new Dictionary<string, object?>
        {
            ["search"] = Text(Search),
            ["role"] = Text(Role),
            // As the API has it; .NET begins it with a capital letter.
            ["locked"] = Locked switch { true => "true", false => "false", null => null },
            ["cursor"] = Text(Cursor),
        });

    /// <summary>Asks the API for it.</summary>
    public void ApplyTo(UsersRequestBuilder.UsersRequestBuilderGetQueryParameters query)
    {
        query.Search = Text(Search);
        query.Role = Role is null ? null : EnumHelpers.GetEnumValue<GetRoleQueryParameterType>(Role);
        query.Locked = Locked;
        query.Cursor = Text(Cursor);
    }

    private static string? Text(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();
}
