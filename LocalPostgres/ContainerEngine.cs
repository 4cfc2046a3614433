using Microsoft.Extensions.Configuration;

namespace MovieAspire.LocalPostgres;

/// <summary>Docker or Podman, as Aspire's orchestrator would use it.</summary>
internal static class ContainerEngine
{
    private static readonly string[] Usual = ["docker", "podman"];

    // What an engine that is installed but does not answer may cost, where Aspire itself would wait for ever.
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(1.5);

    /// <summary>True when an engine answers, not only its command line; <c>ASPIRE_CONTAINER_RUNTIME</c> names the one to ask.</summary>
    public static async Task<bool> AnswersAsync(IConfiguration configuration, CancellationToken cancellationToken = default)
    {
        var chosen = configuration["ASPIRE_CONTAINER_RUNTIME"] ?? configuration["DOTNET_ASPIRE_CONTAINER_RUNTIME"];
        var answers = (string.IsNullOrEmpty(chosen) ? Usual : [chosen])
            .Select(Programs.Find).OfType<string>()
            .Select(program => Programs.RunAsync([program, "ps", "--quiet", "--last", "1"], Limit, cancellationToken: cancellationToken))
            .ToList();
        while (answers.Count > 0)
        {
            var answer = await Task.WhenAny(answers);
            if (await answer is { Succeeded: true })
            {
                return true;
            }

            answers.Remove(answer);
        }

        return false;
    }
}
