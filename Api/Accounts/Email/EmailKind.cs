namespace MovieAspire.Api.Accounts.Email;

/// <summary>What a letter is about.</summary>
public enum EmailKind
{
    /// <summary>A link that confirms the address.</summary>
    ConfirmAddress,

    /// <summary>Somebody tried to register with an address that has an account.</summary>
    AddressTaken,

    /// <summary>A code that allows another password.</summary>
    ResetPassword,
}
