namespace MovieAspire.Api.Protocol.RequestLimits;

/// <summary>Which allowance an operation counts against, where its method does not tell.</summary>
internal sealed record RateClassMetadata(RateClass Operations);
