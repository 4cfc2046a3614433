using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace MovieAspire.Build.Tests;

public sealed class ChoiceOfHostTests : IDisposable
{
    private readonly List<string> _sources = [];

    public void Dispose() => _sources.ForEach(source => Directory.Delete(source, recursive: true));

    [Fact]
    public void Sources_that_have_aspire_choose_it_and_leave_the_stand_in_out_of_the_build()
    {
        using var checkout = new Checkout(Source());

        var output = checkout.Run("build");

        Assert.Contains("Host: Aspire (the NuGet sources have Aspire 13.5.2).", output, StringComparison.Ordinal);
        Assert.Contains("built with AspirePackages=true", output, StringComparison.Ordinal);
        Assert.DoesNotContain("built the stand-in", output, StringComparison.Ordinal);
    }

    [Fact]
    public void One_missing_package_chooses_the_stand_in_and_is_named_once()
    {
        using var checkout = new Checkout(Source("Aspire.Hosting.Testing"));

        var first = checkout.Run("build");
        var second = checkout.Run("build");

        const string Line = "Host: stand-in (Standalone/), since the NuGet sources lack Aspire.Hosting.Testing.";
        Assert.Equal(2, first.Split(Line).Length);
        Assert.Contains("built with AspirePackages=false", first, StringComparison.Ordinal);
        Assert.Contains("built the stand-in", first, StringComparison.Ordinal);
        Assert.DoesNotContain("Host:", second, StringComparison.Ordinal);
        Assert.Contains("built with AspirePackages=false", second, StringComparison.Ordinal);
    }

    [Fact]
    public void A_single_project_chooses_as_the_solution_does()
    {
        using var checkout = new Checkout(Source("Aspire.AppHost.Sdk"));

        var output = checkout.Run("build", "App");

        Assert.Contains("Host: stand-in", output, StringComparison.Ordinal);
        Assert.Contains("built with AspirePackages=false", output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_choice_by_hand_asks_nobody()
    {
        using var checkout = new Checkout(Source("Aspire.Hosting.Docker"));

        var output = checkout.Run("build", "-p:AspirePackages=true");

        Assert.DoesNotContain("Host:", output, StringComparison.Ordinal);
        Assert.Contains("built with AspirePackages=true", output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_source_that_does_not_answer_costs_a_bounded_time()
    {
        // Accepts connections (the system does, from the backlog) and never says a word.
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        using var checkout = new Checkout($"http://127.0.0.1:{((IPEndPoint)silent.LocalEndpoint).Port}/v3/index.json");

        var clock = Stopwatch.StartNew();
        var output = checkout.Run("msbuild", "App/App.csproj", "-t:ChooseHost", "-p:AspireProbeTimeout=3000", "-v:m");

        Assert.Contains("Host: stand-in (Standalone/), since the NuGet sources did not answer within 3 s.", output, StringComparison.Ordinal);
        Assert.DoesNotContain("warning", output, StringComparison.Ordinal);
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(30), $"It took {clock.Elapsed}.");
    }

    private string Source(params string[] except)
    {
        var source = Checkout.SourceWithAspire(except);
        _sources.Add(source);
        return source;
    }
}
