namespace MovieAspire.Api.Tests.OpenApi;

/// <summary>A request, with its header as one line.</summary>
internal sealed record HostileRequest(string Method, string Path, string ContentType, byte[] Body, string Header)
{
    public HttpRequestMessage ToMessage()
    {
        var message = new HttpRequestMessage(new(Method), new Uri("http://localhost" + Path));
        if (ContentType.Length > 0 || Body.Length > 0)
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

    /// <summary>The request as a curl command that sends the same bytes.</summary>
    public override string ToString()
    {
        var contentType = ContentType.Length > 0 || Body.Length > 0 ? $"Content-Type: {ContentType}" : "";
        var headers = string.Concat(new[] { contentType, Header }.Where(line => line.Length > 0).Select(line => $" -H '{line}'"));
        var line = $"curl -i -X {Method} -H \"Authorization: Bearer $token\"{headers} 'http://localhost:5180{Path}'";
        return Body.Length > 0 ? $"printf '{string.Concat(Body.Select(Printf))}' | {line} --data-binary @-" : line;
    }

    private static string Printf(byte value) => value switch
    {
        (byte)'%' => "%%",
        (byte)'\\' or (byte)'\'' or < 0x20 or > 0x7E => "\\" + Convert.ToString(value, 8).PadLeft(3, '0'),
        _ => $"{(char)value}",
    };
}
