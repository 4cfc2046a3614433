using MovieAspire.Data.Migrations;

namespace MovieAspire.MigrationWorker.Migrations;

/// <summary>A migration and the direction in which to run it.</summary>
internal sealed record MigrationStep(MigrationScript Script, bool IsUp)
{
    public string Sql => IsUp ? Script.Up : Script.Down;

    public string Direction => IsUp ? "up" : "down";
}
