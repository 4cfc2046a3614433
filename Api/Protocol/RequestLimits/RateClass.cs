namespace MovieAspire.Api.Protocol.RequestLimits;

/// <summary>Operations that share an allowance. Set as metadata of an endpoint; otherwise its method decides.</summary>
internal enum RateClass
{
    Reads,
    Writes,

    /// <summary>Registering, logging in and the like: guesses at other people's accounts, counted by address.</summary>
    Accounts,
}
