using System.Text;
using System.Diagnostics;
using MovieAspire.Deploy.Tests.Engine;
using MovieAspire.Testing;

namespace MovieAspire.Deploy.Tests;

public sealed class SecretTests : IClassFixture<Images>
{
    [RequiresFact(Tool.Docker)]
    public async Task Images_contain_no_secret_of_the_clone()
    {
        string[] images = [Images.Api, Images.Migrations, Images.Admin];
        Assert.False(await HoldAsync(images, Images.Canary), "An image holds a secret file of the clone it was built from.");
        foreach (var image in images)
        {
            var told = await Docker.RunAsync("image", "inspect", image) + await Docker.RunAsync("history", "--no-trunc", image);
            Assert.DoesNotContain("password", told, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain("Host=", told, StringComparison.OrdinalIgnoreCase);
        }
    }

    /// <summary>Searches the images' layers, which <c>docker save</c> writes as they are, and those that they share once.</summary>
    private static async Task<bool> HoldAsync(string[] images, string text)
    {
        using var save = Process.Start(new ProcessStartInfo("docker", ["save", .. images]) { RedirectStandardOutput = true })!;
        var wanted = Encoding.ASCII.GetBytes(text);
        var buffer = new byte[1 << 20];
        var kept = 0;
        var found = false;
        for (int read; (read = await save.StandardOutput.BaseStream.ReadAsync(buffer.AsMemory(kept))) > 0;)
        {
            var filled = buffer.AsMemory(0, kept + read);
            found |= filled.Span.IndexOf(wanted) >= 0;

            // What lies across two reads is found with the next one.
            kept = Math.Min(filled.Length, wanted.Length - 1);
            filled[^kept..].CopyTo(buffer);
        }

        await save.WaitForExitAsync();
        Assert.Equal(0, save.ExitCode);
        return found;
    }
}
