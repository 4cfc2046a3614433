namespace MovieAspire.Api.Tests.Identity;

/// <summary>Who may use an operation.</summary>
internal enum Access
{
    Anyone,

    /// <summary>Whoever is logged in, each for themselves.</summary>
    Account,

    /// <summary>Only whose it is; to others it is not there.</summary>
    Owner,

    /// <summary>Whose it is, moderators and admins; to others it is not there.</summary>
    OwnerOrModerator,

    /// <summary>Whoever is logged in, but the owner.</summary>
    NotOwner,

    Admin,
}

/// <summary>Who sends a request.</summary>
internal enum Caller
{
    Anonymous,
    User,
    Owner,
    Moderator,
    Admin,
}
