using Microsoft.Kiota.Abstractions.Authentication;
using Microsoft.Kiota.Http.HttpClientLibrary;
using Microsoft.Kiota.Http.HttpClientLibrary.Middleware;
using MovieAspire.Admin.SignIn;
using MovieAspire.ApiClient;
using MovieAspire.ApiClient.Api.V1;

namespace MovieAspire.Admin.Connection;

/// <summary>Makes clients of the API.</summary>
public sealed class ApiConnection(IHttpMessageHandlerFactory handlers)
{
    /// <summary>Of the API among the AppHost's resources.</summary>
    public const string Name = "api";

    /// <summary>The handlers without those that limit the time of an answer, or make a request twice.</summary>
    public const string StreamingName = $"{Name}-streaming";

    private const string Address = $"https+http://{Name}";

    private static readonly Lock Registration = new();

    /// <summary>A client that is not signed in.</summary>
    public V1RequestBuilder Anonymous(Browser browser) => Create(handlers.CreateHandler(Name), browser);

    /// <summary>A client that sends the session's token.</summary>
    public V1RequestBuilder As(ApiSession session) => Create(Authorized(session), session.Browser);

    /// <summary>A client that sends the session's token, for a page that tells what is late.</summary>
    public V1RequestBuilder As(ApiSession session, LateAnswers late) =>
        Create(new LateAnswerHandler(late) { InnerHandler = Authorized(session) }, session.Browser);

    /// <summary>A client for bodies that are too long to be kept: they are sent once, however long that takes.</summary>
    public HttpClient Streaming(ApiSession session) =>
        new(new SessionHandler(session) { InnerHandler = handlers.CreateHandler(StreamingName) }, disposeHandler: false)
        {
            BaseAddress = new Uri($"{Address}/"),
            Timeout = Timeout.InfiniteTimeSpan,
        };

    private SessionHandler Authorized(ApiSession session) => new(session) { InnerHandler = handlers.CreateHandler(Name) };

    // The inner handlers are shared, so the client must not dispose them.
    private static V1RequestBuilder Create(HttpMessageHandler handler, Browser browser)
    {
        var http = new HttpClient(new HeadersInspectionHandler { InnerHandler = handler }, disposeHandler: false)
        {
            // The resilience pipeline has its own timeouts.
            Timeout = Timeout.InfiniteTimeSpan,
        };
        // People recognize their sessions by it; the audit trail records the address where the API trusts this proxy.
        http.DefaultRequestHeaders.TryAddWithoutValidation("User-Agent", $"{nameof(MovieAspire)}.{nameof(Admin)} {browser.UserAgent}".TrimEnd());
        if (browser.Address is not null)
        {
            http.DefaultRequestHeaders.Add("X-Forwarded-For", $"{browser.Address}");
        }

        // A client registers its serializers for the whole process, without a lock. Two that did so at once would have every body repeat its
        // empty fields, which the API refuses, until the site restarts.
        lock (Registration)
        {
            return new MovieApi(
                new HttpClientRequestAdapter(new AnonymousAuthenticationProvider(), httpClient: http) { BaseUrl = Address }).Api.V1;
        }
    }
}
