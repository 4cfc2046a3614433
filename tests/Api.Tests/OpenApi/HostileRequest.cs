using System.Text;

namespace MovieAspire.Api.Tests.OpenApi;

/// <summary>A request, with its header as one line.</summary>
internal sealed record HostileRequest(string Method, string Path, string ContentType, byte[] Body, string Header)
{
    public HttpRequestMessage ToMessage()
    {
        var message = new HttpRequestMessage(new(Method), new Uri("http://localhost" + Path));
        if (ContentType.Length > 0)
        {
            message.Content = new ByteArrayContent(Body);
            message.Content.Headers.TryAddWithoutValidation("Content-Type", ContentType);
        }

        if (Header.Split(": ") is [var name, var value])
        {
            message.Headers.TryAddWithoutValidation(name, value);
        }

        return message;
    }

    public override string ToString() =>
        $"{Method} {Path}\nContent-Type: {ContentType}\n{Header}\n{Encoding.UTF8.GetString(Body, 0, Math.Min(Body.Length, 2_000))}";
}
