namespace MovieAspire.Admin.Movies;

/// <summary>The list that a user has seen last, to go back to: with its filters, sort and page.</summary>
internal sealed class MovieListAddress
{
    public string Address { get; set; } = "movies";
}
