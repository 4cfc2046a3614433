using Microsoft.Kiota.Abstractions;
using Microsoft.Kiota.Http.HttpClientLibrary.Middleware.Options;

namespace MovieAspire.Admin.Connection;

/// <summary>The ETag of a response: the version that a change then says it is made to.</summary>
public sealed class ResponseTag
{
    private readonly HeadersInspectionHandlerOption _headers = new() { InspectResponseHeaders = true };

    /// <summary>Among the options of the request whose response it is.</summary>
    public IRequestOption Option => _headers;

    /// <summary>Null where the response had none.</summary>
    public string? Value => _headers.ResponseHeaders.TryGetValue("ETag", out var values) ? values.FirstOrDefault() : null;
}
