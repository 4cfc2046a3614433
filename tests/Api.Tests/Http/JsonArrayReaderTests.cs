using System.IO.Pipelines;
using System.Text;
using System.Text.Json;
using MovieAspire.Api.Http;

namespace MovieAspire.Api.Tests.Http;

public sealed class JsonArrayReaderTests
{
    [Theory]
    [InlineData(64)]
    [InlineData(4096)]
    [InlineData(1_000_000)]
    public async Task Element_that_is_too_long_ends_the_reading_however_it_arrives(int size)
    {
        var text = $$"""[{"a":1}  ,  "{{new string('x', NumberedJson.MaxLength - 2)}}"  ,  "{{new string('x', NumberedJson.MaxLength - 1)}}",4]""";
        var pipe = PipeReader.Create(new MemoryStream(Encoding.UTF8.GetBytes(text)), new(bufferSize: size, minimumReadSize: 1));
        var read = new List<string>();

        await Assert.ThrowsAnyAsync<JsonException>(async () =>
        {
            await foreach (var (number, content) in JsonArrayReader.ReadAsync(pipe, CancellationToken.None))
            {
                read.Add($"{number} {content?.Length}");
            }
        });

        Assert.Equal(["1 7", $"2 {NumberedJson.MaxLength}", "3 "], read);
    }
}
