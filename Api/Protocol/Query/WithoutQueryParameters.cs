namespace MovieAspire.Api.Protocol.Query;

/// <summary>Query parameters that the handler declares but the operation does not take.</summary>
internal sealed record WithoutQueryParameters(params string[] Names);
