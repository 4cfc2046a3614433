namespace MovieAspire.Data.Identity;

/// <summary>What an account may do. The rows come with the schema; an account may have several.</summary>
public static class Roles
{
    /// <summary>Every account has it.</summary>
    public const string User = "user";

    /// <summary>May delete other people's reviews.</summary>
    public const string Moderator = "moderator";

    /// <summary>May also write the catalogue.</summary>
    public const string Admin = "admin";

    public static readonly IReadOnlyList<string> All = [User, Moderator, Admin];
}
