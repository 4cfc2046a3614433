namespace MovieAspire.Api.Protocol.Paging;

/// <summary>An order that a list offers.</summary>
/// <param name="Expression">What is sorted by, as SQL; never NULL.</param>
/// <param name="Type">Its PostgreSQL type, to which a cursor's text is cast back.</param>
internal sealed record SortKey(FormattableString Expression, string Type);

/// <summary>The order that a request asks for: <c>title</c>, or <c>-title</c> for descending.</summary>
internal sealed record SortOrder(string Name, SortKey Key)
{
    public string Direction => Name.StartsWith('-') ? "DESC" : "ASC";

    /// <summary>What comes after a row, in this direction.</summary>
    public string Beyond => Name.StartsWith('-') ? "<" : ">";

    /// <summary>Looks the name up among those that the list offers; validation has refused any other.</summary>
    public static SortOrder Of(string name, IReadOnlyDictionary<string, SortKey> offered) => new(name, offered[name.TrimStart('-')]);
}
