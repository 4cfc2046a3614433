using System.Text.RegularExpressions;
using System.Xml.Linq;
using MovieAspire.Data.Entities;

namespace MovieAspire.MigrationWorker.Diagram;

/// <summary>What tables and columns mean: the summaries in the entities' sources, and for Identity's own what stands here.</summary>
internal static partial class Meanings
{
    private static readonly Lazy<Dictionary<string, string>> Summaries = new(ReadSummaries);

    private static readonly Dictionary<string, string> Identity = new()
    {
        ["roles"] = "What an account may do, see Roles in Data.",
        ["user_roles"] = "An account has a role.",
        ["user_claims"] = "Identity's further facts about an account; not used by the API.",
        ["user_logins"] = "Identity's logins at other providers; not used by the API.",
        ["user_tokens"] = "Identity's tokens, such as authenticator keys.",
        ["role_claims"] = "Identity's further facts about a role; not used by the API.",
        ["user_name"] = "The address of the account, unique without regard to case.",
        ["normalized_user_name"] = "The user name in capital letters, which the key is on.",
        ["normalized_email"] = "The address in capital letters, which the key is on.",
        ["email"] = "The address that mail goes to.",
        ["email_confirmed"] = "The address was proven.",
        ["password_hash"] = "Identity's salted hash; null where nobody can log in.",
        ["security_stamp"] = "Changes when the credentials do, which ends sessions.",
        ["concurrency_stamp"] = "Changes with every change, so that none is overwritten.",
        ["phone_number"] = "Not used.",
        ["phone_number_confirmed"] = "Not used.",
        ["two_factor_enabled"] = "A second factor is asked for.",
        ["lockout_end"] = "Until when logging in is refused.",
        ["lockout_enabled"] = "Wrong passwords lock the account for a while.",
        ["access_failed_count"] = "Wrong passwords since the last right one.",
        ["normalized_name"] = "The name in capital letters, which the key is on.",
        ["claim_type"] = "What the claim is about.",
        ["claim_value"] = "What it says.",
        ["login_provider"] = "Who vouches.",
        ["provider_key"] = "Who it is there.",
        ["provider_display_name"] = "What the provider is called.",
        ["value"] = "The token.",
        ["name"] = "What it is called.",
        ["id"] = "Key, in the order of insertion.",
        ["user_id"] = "Whose it is.",
        ["role_id"] = "Which role.",
        ["movie_id"] = "Which film.",
        ["genre_id"] = "Which genre.",
        ["review_id"] = "Which review.",
    };

    public static string Of(Type entity, string table) =>
        Summaries.Value.GetValueOrDefault($"T:{entity.FullName}") ?? Identity.GetValueOrDefault(table, "");

    public static string Of(Type entity, string property, string column) =>
        Summaries.Value.GetValueOrDefault($"P:{entity.FullName}.{property}") ?? Identity.GetValueOrDefault(column, "");

    private static Dictionary<string, string> ReadSummaries()
    {
        var file = Path.ChangeExtension(typeof(Movie).Assembly.Location, ".xml");
        return !File.Exists(file)
            ? []
            : XDocument.Load(file).Descendants("member").Where(member => member.Element("summary") is not null)
                .ToDictionary(member => member.Attribute("name")!.Value, member => Text(member.Element("summary")!));
    }

    private static string Text(XElement summary)
    {
        foreach (var reference in summary.Descendants("see").ToList())
        {
            reference.ReplaceWith(reference.Attribute("cref")!.Value.Split('.')[^1]);
        }

        return Spaces().Replace(summary.Value, " ").Trim();
    }

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();
}
