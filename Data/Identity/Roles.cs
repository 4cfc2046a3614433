namespace MovieAspire.Data.Identity;

/// <summary>The roles of accounts. Their rows come with the schema; an account may have several.</summary>
public static class Roles
{
    /// <summary>Every account has this role.</summary>
    public const string User = "user";

    /// <summary>May delete other users' reviews.</summary>
    public const string Moderator = "moderator";

    /// <summary>May also write the catalog.</summary>
    public const string Admin = "admin";
}
