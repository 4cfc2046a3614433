using Microsoft.AspNetCore.Identity;

namespace MovieAspire.Data;

/// <summary>A person with an account. Deleting it deletes everything that the person wrote.</summary>
public sealed class User : IdentityUser<long>
{
    /// <summary>What others see. Not unique: people are told apart by their id.</summary>
    public required string DisplayName { get; set; }

    public DateTimeOffset CreatedAt { get; private set; }
}
