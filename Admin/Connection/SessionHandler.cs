using System.Net;
using System.Net.Http.Headers;
using MovieAspire.Admin.SignIn;

namespace MovieAspire.Admin.Connection;

/// <summary>Sends the session's access token, and learns from a 401 that the session has ended.</summary>
internal sealed class SessionHandler(ApiSession session) : DelegatingHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var token = await session.GetAccessTokenAsync(cancellationToken);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        var response = await base.SendAsync(request, cancellationToken);
        if (response.StatusCode == HttpStatusCode.Unauthorized)
        {
            response.Dispose();
            session.End(token);
            throw new SessionEndedException();
        }

        return response;
    }
}
