namespace MovieAspire.Api.Genres;

/// <summary>All genres.</summary>
public sealed record GenreList(IReadOnlyList<GenreCount> Items);

/// <summary>A genre and how many films have it.</summary>
public sealed record GenreCount(string Name, long MovieCount);
