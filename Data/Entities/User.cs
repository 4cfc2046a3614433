using Microsoft.AspNetCore.Identity;

namespace MovieAspire.Data.Entities;

/// <summary>A person with an account. Deleting it deletes everything that the person wrote.</summary>
public sealed class User : IdentityUser<long>
{
    /// <summary>Nothing that tells who the person is, such as a part of the address, becomes public by registering.</summary>
    public const string FirstDisplayName = "New member";

    /// <summary>What others see. Not unique: people are told apart by their id.</summary>
    public string DisplayName { get; set; } = FirstDisplayName;

    /// <summary>When the account was made.</summary>
    public DateTimeOffset CreatedAt { get; private set; }
}
