namespace MovieAspire.Api.Accounts;

/// <summary>Names of authorization policies.</summary>
internal static class Policies
{
    public const string Admin = "admin";
}
