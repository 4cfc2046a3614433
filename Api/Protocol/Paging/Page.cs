using System.Text.Json.Serialization;

namespace MovieAspire.Api.Protocol.Paging;

/// <summary>A part of a list.</summary>
/// <param name="Items">The items, in the order asked for.</param>
/// <param name="NextCursor">Pass it as <c>cursor</c> to get what follows; null on the last page.</param>
/// <param name="Total">How many items the filters let through, where <c>includeTotal</c> asked for it.</param>
public sealed record Page<T>(
    IReadOnlyList<T> Items,
    string? NextCursor,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] long? Total = null);
