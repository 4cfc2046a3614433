using MovieAspire.Data.Migrations;

namespace MovieAspire.Migrations;

/// <summary>Writes each migration's SQL, up and down, for the worker to run and for people to review.</summary>
internal static class ScriptWriter
{
    public static void Write(string data)
    {
        var folder = Directory.CreateDirectory(Path.Combine(data, "Migrations", "Scripts")).FullName;
        using var context = DesignTime.CreateContext();
        foreach (var script in MigrationScriptGenerator.Generate(context))
        {
            File.WriteAllText(Path.Combine(folder, $"{script.Id}.up.sql"), script.Up);
            File.WriteAllText(Path.Combine(folder, $"{script.Id}.down.sql"), script.Down);
            Console.WriteLine(script.Id);
        }
    }
}
