namespace MovieAspire.Api.Movies.Writing;

/// <summary>What became of a write.</summary>
internal enum WriteOutcome
{
    Done,
    NotFound,
    PreconditionFailed,

    /// <summary>Another film has this title and date.</summary>
    Conflict,
}
