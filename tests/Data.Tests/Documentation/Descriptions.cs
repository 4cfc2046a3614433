using System.Text.RegularExpressions;
using System.Xml.Linq;
using Microsoft.EntityFrameworkCore.Metadata;

namespace MovieAspire.Data.Tests.Documentation;

/// <summary>
/// Descriptions of tables and columns: the summaries of the entities, and the texts below for those of Identity and of conventions.
/// </summary>
internal static partial class Descriptions
{
    private static readonly Dictionary<string, string> Summaries = ReadSummaries();

    private static readonly Dictionary<string, string> Others = new()
    {
        ["roles"] = "What an account may do; `Roles` in `Data/` lists them.",
        ["role_claims"] = "Identity's claims of a role; the API uses none.",
        ["user_claims"] = "Identity's claims of an account; the API uses none.",
        ["user_logins"] = "Identity's logins by external providers; the API uses none.",
        ["user_roles"] = "The roles of an account.",
        ["user_tokens"] = "Identity's tokens, such as authenticator keys and recovery codes.",
        ["access_failed_count"] = "Failed logins since the last successful one.",
        ["claim_type"] = "Type of the claim.",
        ["claim_value"] = "Value of the claim.",
        ["concurrency_stamp"] = "Changes with every update: the concurrency token.",
        ["email"] = "Email address.",
        ["email_confirmed"] = "Whether the user has proven to own the email address.",
        ["genre_id"] = "The genre.",
        ["id"] = "Key, ascending in the order of insertion.",
        ["lockout_enabled"] = "Whether failed logins lock the account for a while.",
        ["lockout_end"] = "Logins are refused until then.",
        ["login_provider"] = "Name of the provider.",
        ["movie_id"] = "The movie.",
        ["name"] = "Name.",
        ["normalized_email"] = "Email address in upper case, which is unique.",
        ["normalized_name"] = "Name in upper case, which is unique.",
        ["normalized_user_name"] = "User name in upper case, which is unique.",
        ["password_hash"] = "Identity's salted hash; null for accounts without a password.",
        ["phone_number"] = "Not used.",
        ["phone_number_confirmed"] = "Not used.",
        ["provider_display_name"] = "Name of the provider for display.",
        ["provider_key"] = "The user's key at the provider.",
        ["review_id"] = "The review.",
        ["role_id"] = "The role.",
        ["security_stamp"] = "Changes with the credentials, which ends all sessions.",
        ["two_factor_enabled"] = "Whether a login asks for a second factor.",
        ["user_id"] = "The user.",
        ["user_name"] = "The email address that the user logs in with.",
        ["value"] = "Value.",
    };

    /// <summary>Empty if the table has no description.</summary>
    public static string Get(ITable table) =>
        Summaries.GetValueOrDefault($"T:{GetEntity(table).FullName}") ?? Others.GetValueOrDefault(table.Name, "");

    /// <summary>Empty if the column has no description.</summary>
    public static string Get(IColumn column) =>
        Summaries.GetValueOrDefault($"P:{GetEntity(column.Table).FullName}.{column.PropertyMappings[0].Property.Name}")
        ?? Others.GetValueOrDefault(column.Name, "");

    public static Type GetEntity(ITable table) => table.EntityTypeMappings.First().TypeBase.ClrType;

    // The compiler writes the documentation comments beside the assembly.
    private static Dictionary<string, string> ReadSummaries() =>
        XDocument.Load(Path.ChangeExtension(typeof(MovieDbContext).Assembly.Location, ".xml")).Descendants("member")
            .Where(member => member.Element("summary") is not null)
            .ToDictionary(member => member.Attribute("name")!.Value, member => ToText(member.Element("summary")!));

    private static string ToText(XElement summary)
    {
        foreach (var reference in summary.Descendants("see").ToList())
        {
            reference.ReplaceWith(reference.Attribute("cref")!.Value.Split('.')[^1]);
        }

        return WhiteSpace().Replace(summary.Value, " ").Trim();
    }

    [GeneratedRegex(@"\s+")]
    private static partial Regex WhiteSpace();
}
