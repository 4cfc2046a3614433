using Microsoft.AspNetCore.Identity;

namespace MovieAspire.Data.Entities;

/// <summary>A user account. Deleting it deletes everything that the user wrote.</summary>
public sealed class User : IdentityUser<long>
{
    /// <summary>Nothing that identifies the user, such as a part of the address, becomes public by registering.</summary>
    public const string FirstDisplayName = "New member";

    /// <summary>What others see. Not unique: users are told apart by their id.</summary>
    public string DisplayName { get; set; } = FirstDisplayName;

    /// <summary>Whether others can see what the user rated.</summary>
    public bool RatingsArePublic { get; set; }

    /// <summary>Whether others can see the user's favorites.</summary>
    public bool FavoritesArePublic { get; set; }

    /// <summary>When the account was created.</summary>
    public DateTimeOffset CreatedAt { get; private set; }
}
