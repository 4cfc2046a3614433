namespace MovieAspire.MigrationWorker.Migrations;

/// <summary>One statement of a script.</summary>
/// <param name="Comment">The comments and blank lines before it.</param>
/// <param name="Text">The statement itself, without the semicolon at its end.</param>
internal sealed record SqlStatement(string Comment, string Text);
