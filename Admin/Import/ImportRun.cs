using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.Kiota.Serialization.Json;
using MovieAspire.Admin.Connection;
using MovieAspire.Admin.SignIn;
using MovieAspire.ApiClient.Models;

namespace MovieAspire.Admin.Import;

/// <summary>
/// One import of a page that is open, or one trial of it. The page starts it, and the browser brings the file by a request of its own: it goes
/// on to the API as it comes, while the page shows how far it is.
/// </summary>
internal sealed class ImportRun(ApiConnection api, ApiSession session, bool isDryRun)
{
    private static readonly ApiError Stopped = new("It was stopped before its end.") { MayPass = true };

    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _received;

    /// <summary>Where the browser sends the file; nobody can guess it.</summary>
    public string Id { get; } = Convert.ToHexString(RandomNumberGenerator.GetBytes(16));

    public bool IsDryRun => isDryRun;

    /// <summary>Bytes that have come and gone on.</summary>
    public long Received => Interlocked.Read(ref _received);

    /// <summary>What the file is; null until it has begun to come.</summary>
    public ImportFile? File { get; private set; }

    /// <summary>Rows of the file that are not for this catalog, such as series.</summary>
    public long Skipped { get; private set; }

    /// <summary>Null until the API has answered.</summary>
    public ImportOutcome? Outcome { get; private set; }

    /// <summary>Why there is no outcome.</summary>
    public ApiError? Error { get; private set; }

    /// <summary>Ends when the request with the file does.</summary>
    public Task Done => _done.Task;

    /// <summary>Also where the user has signed in anew, in another tab.</summary>
    public bool IsOf(SignedInUser user) => session.User.Id == user.Id;

    /// <summary>Sends the file on to the API. Whatever comes of it is what the page then shows.</summary>
    public async Task SendAsync(Stream body, CancellationToken cancellationToken)
    {
        try
        {
            var error = await ApiError.CatchAsync(() => ImportAsync(body, cancellationToken));
            // When the browser leaves, the request to the API fails, too.
            Error = cancellationToken.IsCancellationRequested ? Stopped : error;
        }
        catch (UnknownFileException e)
        {
            Error = new(e.Message);
        }
        catch (InvalidDataException)
        {
            Error = new("The packed file is damaged.");
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            Error = Stopped;
        }
        finally
        {
            Error ??= Outcome is null ? Stopped : null;
            _done.TrySetResult();
        }
    }

    /// <summary>Sends back the part of the file that was rejected.</summary>
    public async Task SendRejectsAsync(Stream body, Stream response, CancellationToken cancellationToken) =>
        await (await ImportFile.OpenAsync(body, cancellationToken))
            .WriteOnlyAsync(Outcome?.Rejections.Lines ?? new HashSet<long>(), response, cancellationToken);

    private async Task ImportAsync(Stream body, CancellationToken cancellationToken)
    {
        File = await ImportFile.OpenAsync(new CountedStream(body, count => Interlocked.Add(ref _received, count)), cancellationToken);
        var own = new RejectedLines();
        var address = $"api/v1/movies/import?dryRun={Word(IsDryRun)}&rejectSameYear={Word(File.Layout is { HasOnlyYears: true })}";
        using var request = new HttpRequestMessage(HttpMethod.Post, address)
        {
            Content = new FileContent(File, own.Add, () => Skipped++),
        };
        // The API can refuse before the body is sent.
        request.Headers.ExpectContinue = true;
        using var client = api.Streaming(session);
        using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        if (response.StatusCode != HttpStatusCode.OK)
        {
            throw await ReadProblemAsync(response, cancellationToken);
        }

        await using var report = await response.Content.ReadAsStreamAsync(cancellationToken);
        var outcome = (await JsonSerializer.DeserializeAsync<ImportOutcome>(report, JsonSerializerOptions.Web, cancellationToken))!;
        outcome.Rejections.Explain(own);
        Outcome = outcome;

        static string Word(bool value) => value ? "true" : "false";
    }

    private static async Task<Exception> ReadProblemAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var status = (int)response.StatusCode;
        if (response.Content.Headers.ContentType?.MediaType != "application/problem+json")
        {
            return new HttpRequestException(null, null, response.StatusCode);
        }

        var json = await JsonDocument.ParseAsync(await response.Content.ReadAsStreamAsync(cancellationToken), default, cancellationToken);
        var problem = new JsonParseNode(json.RootElement).GetObjectValue(Problem.CreateFromDiscriminatorValue);
        problem.ResponseStatusCode = status;
        problem.ResponseHeaders = response.Headers.ToDictionary(header => header.Key, header => header.Value, StringComparer.OrdinalIgnoreCase);
        return problem;
    }

    private sealed class FileContent : HttpContent
    {
        private readonly ImportFile _file;
        private readonly Action<RejectedLine> _reject;
        private readonly Action _skip;

        public FileContent(ImportFile file, Action<RejectedLine> reject, Action skip)
        {
            (_file, _reject, _skip) = (file, reject, skip);
            Headers.ContentType = new MediaTypeHeaderValue(file.ContentType);
        }

        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
            SerializeToStreamAsync(stream, context, CancellationToken.None);

        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken) =>
            _file.WriteAsync(stream, _reject, _skip, cancellationToken);

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}

/// <summary>The imports of the pages that are open.</summary>
internal sealed class ImportRuns(ApiConnection api)
{
    private readonly ConcurrentDictionary<string, ImportRun> _runs = [];

    public ImportRun Add(ApiSession session, bool isDryRun)
    {
        var run = new ImportRun(api, session, isDryRun);
        _runs[run.Id] = run;
        return run;
    }

    /// <summary>Null where there is none, or it is another user's.</summary>
    public ImportRun? Find(string id, SignedInUser user) => _runs.TryGetValue(id, out var run) && run.IsOf(user) ? run : null;

    public void Remove(ImportRun run) => _runs.TryRemove(run.Id, out _);
}
