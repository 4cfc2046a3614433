namespace MovieAspire.Admin.Layout;

/// <summary>The lists that a user has seen last, to go back to: with their filters, sort and page.</summary>
internal sealed class ListAddresses
{
    public string Movies { get; set; } = "movies";

    public string Users { get; set; } = "users";
}
