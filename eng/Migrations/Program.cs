using MovieAspire.Migrations;

// Paths are relative to the repository's root, where "dotnet run --project eng/Migrations -- …" is typed.
var data = Path.GetFullPath("Data");
if (!File.Exists(Path.Combine(data, "Data.csproj")))
{
    Console.Error.WriteLine("Run this from the root of the repository.");
    return 1;
}

switch (args)
{
    case ["add", var name]:
        Scaffolder.Add(data, name);
        return 0;
    case ["scripts"]:
        ScriptWriter.Write(data);
        return 0;
    case ["schema", var connectionString]:
        SchemaWriter.Write(data, connectionString);
        return 0;
    default:
        Console.Error.WriteLine("""
            Migrations of the schema in Data/, from EF Core's model:

              add NAME    writes Data/Migrations/<time>_NAME.cs with what the model has and the last migration lacks
              scripts     writes Data/Migrations/Scripts from the compiled migrations; the migration worker runs those
              schema CONNECTION
                          writes Data/Schema/schema.sql, which drift is told by: makes and drops a database on that server

            After "add", read the migration, add hand-written SQL with RunFile(…) where it needs some, then run
            "scripts", build, and run "schema".
            """);
        return 1;
}
