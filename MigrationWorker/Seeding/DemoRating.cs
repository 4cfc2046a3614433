namespace MovieAspire.MigrationWorker.Seeding;

/// <summary>One generated vote.</summary>
/// <param name="Person">Number of the person.</param>
/// <param name="Film">Position of the film in the fixture.</param>
/// <param name="Value">1 to 10.</param>
/// <param name="At">When it was given.</param>
internal readonly record struct DemoRating(int Person, int Film, short Value, DateTime At);
