using MovieAspire.Data.Migrations;
using MovieAspire.MigrationWorker.Cli;

namespace MovieAspire.MigrationWorker.Fixtures;

/// <summary>The header of a fixture.</summary>
internal sealed record FixtureHeader(string? Format, int Version, string? Migration)
{
    public const string FormatName = "movieaspire-fixture";
    public const int FormatVersion = 1;

    /// <summary>Refuses a fixture that this build cannot load.</summary>
    /// <exception cref="UserErrorException">It is no fixture, or a newer build wrote it.</exception>
    public void Require(string file)
    {
        if (Format != FormatName)
        {
            throw new UserErrorException(
                $"{file} is no fixture: it must begin with "
                + $"\"format\": \"{FormatName}\", \"version\" and \"migration\", before \"tables\".");
        }

        if (Version is < 1 or > FormatVersion)
        {
            throw new UserErrorException(
                $"{file} has version {Version} of the format; this build reads {FormatVersion}. "
                + "Load it with the build that wrote it, or a newer one.");
        }

        if (MigrationScript.All.All(script => script.Id != Migration))
        {
            throw new UserErrorException(
                $"{file} was written at migration '{Migration}', which this build does not know "
                + $"(its latest is {MigrationScript.LatestId}). Load it with a newer build.");
        }
    }
}
