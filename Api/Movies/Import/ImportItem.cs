using MovieAspire.Api.Movies.Writing;

namespace MovieAspire.Api.Movies.Import;

/// <summary>A line of an import: a film, or why it is none.</summary>
internal readonly record struct ImportItem(long Line, MovieRequest? Movie, string? Field, string? Reason);
