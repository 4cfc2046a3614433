namespace MovieAspire;

/// <summary>The names under which the AppHost and the services know each other.</summary>
internal static class ResourceNames
{
    public const string Postgres = "postgres";
    public const string Database = "moviedb";
    public const string Migrations = "migrations";
    public const string Api = "api";
}
