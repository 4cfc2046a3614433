using System.Net;
using System.Net.Sockets;
using System.Text;
using MovieAspire.Testing;

namespace MovieAspire.MigrationWorker.Tests.Cli;

public sealed class TelemetryTests
{
    [Fact]
    public async Task Each_step_its_sql_and_its_log_reach_the_receiver()
    {
        await using var database = await TestDatabase.CreateAsync();
        using var receiver = new Receiver();
        var result = await Worker.RunProcessAsync(database.ConnectionString, receiver.Environment, "up");
        Assert.Equal((0, ""), (result.ExitCode, result.Error));

        var received = receiver.Stop();
        Assert.All(
            ["migrate up 20261121210000_Initial", "seed movies", "seed ratings", "wait for server", "INSERT INTO ratings",
            "movieaspire.worker.step.duration", "Seeded {Movies} movies"],
            text => Assert.Contains(text, received, StringComparison.Ordinal));
    }

    /// <summary>
    /// Takes whatever is sent over OTLP. Names and texts stand in protobuf as they are, so no schema is needed to find them.
    /// </summary>
    private sealed class Receiver : IDisposable
    {
        private readonly HttpListener _listener = new();
        private readonly StringBuilder _received = new();
        private readonly string _url;

        public Receiver()
        {
            using (var free = new TcpListener(IPAddress.Loopback, 0))
            {
                free.Start();
                _url = $"http://127.0.0.1:{((IPEndPoint)free.LocalEndpoint).Port}/";
            }

            _listener.Prefixes.Add(_url);
            _listener.Start();
            _ = ReceiveAsync();
        }

        public Dictionary<string, string> Environment => new Dictionary<string, string>
        {
            ["OTEL_EXPORTER_OTLP_ENDPOINT"] = _url,
            ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
        };

        public string Stop()
        {
            _listener.Stop();
            return _received.ToString();
        }

        public void Dispose() => _listener.Close();

        private async Task ReceiveAsync()
        {
            try
            {
                while (true)
                {
                    var context = await _listener.GetContextAsync();
                    using var body = new MemoryStream();
                    await context.Request.InputStream.CopyToAsync(body);
                    _received.Append(Encoding.UTF8.GetString(body.ToArray()));
                    context.Response.Close();
                }
            }
            catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
            {
                // Stopped.
            }
        }
    }
}
