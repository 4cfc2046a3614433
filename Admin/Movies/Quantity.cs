namespace MovieAspire.Admin.Movies;

internal static class Quantity
{
    /// <summary>Such as <c>1 rating</c> or <c>2,000 ratings</c>.</summary>
    public static string Format(int? number, string name) => $"{number:N0} {name}{(number == 1 ? "" : "s")}";
}
