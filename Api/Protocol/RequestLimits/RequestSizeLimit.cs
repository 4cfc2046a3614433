using Microsoft.AspNetCore.Http.Metadata;

namespace MovieAspire.Api.Protocol.RequestLimits;

/// <summary>Bytes that an operation takes, where it takes more than others.</summary>
internal sealed record RequestSizeLimit(long? MaxRequestBodySize) : IRequestSizeLimitMetadata;
