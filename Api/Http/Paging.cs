using System.Collections.Concurrent;
using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Linq.Expressions;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Query;
using MovieAspire.Api.Database;
using MovieAspire.Data;

namespace MovieAspire.Api.Http;

/// <summary>The query parameters of every list.</summary>
public sealed record PageQuery
{
    public const int DefaultLimit = 20;
    public const int MaxLimit = 100;

    [FromQuery(Name = "limit")]
    [Range(1, MaxLimit)]
    [DefaultValue(DefaultLimit)]
    [Description("The maximum number of items in the page.")]
    public int? Limit { get; init; }

    [FromQuery(Name = "cursor")]
    [Description("The nextCursor of the previous page. It is valid only with the same sort and filters.")]
    public string? Cursor { get; init; }

    [FromQuery(Name = "includeTotal")]
    [DefaultValue(false)]
    [Description("Whether to count all items that match the filters. Counting costs more than a page.")]
    public bool? IncludeTotal { get; init; }
}

/// <summary>A page of a list.</summary>
/// <param name="Items">The items in the requested order.</param>
/// <param name="NextCursor">Pass it as <c>cursor</c> to get the next page; null on the last page.</param>
/// <param name="Total">The number of items that match the filters, if <c>includeTotal</c> is true.</param>
public sealed record Page<T>(
    IReadOnlyList<T> Items,
    string? NextCursor,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] long? Total = null);

/// <summary>The order of a list by creation time.</summary>
public sealed record TimeSort
{
    private const string NewestFirst = "-createdAt";

    [FromQuery(Name = "sort")]
    [AllowedValues(null, NewestFirst, "createdAt", ErrorMessage = "The order is -createdAt or createdAt.")]
    [DefaultValue(NewestFirst)]
    [Description("The order: newest first, or oldest first.")]
    public string? Sort { get; init; }

    internal SortOrder<TRow> By<TRow>(SortKey<TRow, DateTimeOffset> time) => new(Sort ?? NewestFirst, time);
}

/// <summary>The requested order: <c>title</c>, or <c>-title</c> for descending.</summary>
internal sealed record SortOrder<TRow>(string Name, SortKey<TRow> Key)
{
    /// <summary>Looks up a name; validation has refused unknown ones.</summary>
    public static SortOrder<TRow> Parse(string name, IReadOnlyDictionary<string, SortKey<TRow>> keys) =>
        new(name, keys[name.TrimStart('-')]);

    /// <summary>The rows of the list after a position.</summary>
    public IQueryable<PageRow<T>> RowsAfter<T>(Cursor? after, IQueryable<TRow> rows, Expression<Func<TRow, T>> item) =>
        Key.RowsAfter(after, rows, item, isDescending: Name.StartsWith('-'));
}

/// <summary>A key that a list can be sorted by.</summary>
internal abstract record SortKey<TRow>
{
    public abstract IQueryable<PageRow<T>> RowsAfter<T>(
        Cursor? after, IQueryable<TRow> rows, Expression<Func<TRow, T>> item, bool isDescending);
}

/// <summary>A key of one type, and the unique id as the tie-breaker. An index should cover both.</summary>
internal sealed record SortKey<TRow, TKey>(Expression<Func<TRow, TKey>> Key, Expression<Func<TRow, long>> Id) : SortKey<TRow>
    where TKey : IParsable<TKey>
{
    public override IQueryable<PageRow<T>> RowsAfter<T>(
        Cursor? after, IQueryable<TRow> rows, Expression<Func<TRow, T>> item, bool isDescending)
    {
        if (after is not null)
        {
            rows = rows.Where(Beyond(after.Key<TKey>(), after.Id, isDescending));
        }

        var sorted = isDescending ? rows.OrderByDescending(Key).ThenByDescending(Id) : rows.OrderBy(Key).ThenBy(Id);
        return sorted.Select(ToPageRow(item));
    }

    /// <summary>Compares row values, which PostgreSQL evaluates as a single index condition.</summary>
    private Expression<Func<TRow, bool>> Beyond(TKey lastKey, long lastId, bool isDescending)
    {
        Expression<Func<TKey, long, bool>> beyond = isDescending
            ? (key, id) => EF.Functions.LessThan(ValueTuple.Create(key, id), ValueTuple.Create(lastKey, lastId))
            : (key, id) => EF.Functions.GreaterThan(ValueTuple.Create(key, id), ValueTuple.Create(lastKey, lastId));
        var row = Key.Parameters[0];
        return Expression.Lambda<Func<TRow, bool>>(
            new ReplacingExpressionVisitor(beyond.Parameters, [Key.Body, On(row, Id)]).Visit(beyond.Body), row);
    }

    private Expression<Func<TRow, PageRow<T>>> ToPageRow<T>(Expression<Func<TRow, T>> item)
    {
        Expression<Func<T, object, long, PageRow<T>>> pageRow = (value, key, id) => new() { Item = value, Key = key, Id = id };
        var row = item.Parameters[0];
        return Expression.Lambda<Func<TRow, PageRow<T>>>(
            new ReplacingExpressionVisitor(pageRow.Parameters, [item.Body, Expression.Convert(On(row, Key), typeof(object)), On(row, Id)])
                .Visit(pageRow.Body),
            row);
    }

    private static Expression On<TValue>(ParameterExpression row, Expression<Func<TRow, TValue>> column) =>
        ReplacingExpressionVisitor.Replace(column.Parameters[0], row, column.Body);
}

/// <summary>A row of a page, with the values for a cursor after it.</summary>
internal sealed record PageRow<T>
{
    public required T Item { get; init; }

    public required object Key { get; init; }

    public required long Id { get; init; }
}

/// <summary>A sorted query, with a projection of its rows to items.</summary>
internal sealed record ListQuery<TRow, T>
{
    /// <summary>A function, because a compiled first page does not need the query.</summary>
    public required Func<IQueryable<TRow>> Rows { get; init; }

    public required Expression<Func<TRow, T>> Item { get; init; }

    public required SortOrder<TRow> Sort { get; init; }

    /// <summary>A compiled query of the first page of <see cref="PageQuery.DefaultLimit"/> items.</summary>
    public Func<IAsyncEnumerable<PageRow<T>>>? FirstPage { get; init; }

    /// <summary>A cheaper way to count than by reading all rows.</summary>
    public Func<CancellationToken, Task<long>>? Total { get; init; }

    /// <summary>The owner of the list, if the same path shows a different list to each user.</summary>
    public long? UserId { get; init; }

    /// <summary>Reads one row more than requested, which shows whether another page follows.</summary>
    public IQueryable<PageRow<T>> Page(Cursor? after, int limit) => Sort.RowsAfter(after, Rows(), Item).Take(limit + 1);
}

/// <summary>
/// A list whose first page is a compiled query for each order, because building the expression and looking it up in EF Core's query cache
/// costs more than running the query.
/// </summary>
/// <param name="rows">The rows of an owner.</param>
/// <param name="item">Projects a row to an item.</param>
internal sealed class CompiledList<TRow, T>(Expression<Func<MovieDbContext, long, IQueryable<TRow>>> rows, Expression<Func<TRow, T>> item)
{
    private readonly Func<MovieDbContext, long, IQueryable<TRow>> _rows = rows.Compile();

    private readonly ConcurrentDictionary<string, Func<MovieDbContext, long, IAsyncEnumerable<PageRow<T>>>> _firstPages = new();

    public ListQuery<TRow, T> Create(MovieDbContext db, long ownerId, SortOrder<TRow> sort) => new()
    {
        Rows = () => _rows(db, ownerId),
        Item = item,
        Sort = sort,
        FirstPage = () => _firstPages.GetOrAdd(sort.Name, _ => CompileFirstPage(sort))(db, ownerId),
    };

    private Func<MovieDbContext, long, IAsyncEnumerable<PageRow<T>>> CompileFirstPage(SortOrder<TRow> sort) =>
        CompiledQuery.Create(rows, query => sort.RowsAfter(null, query, item).Take(PageQuery.DefaultLimit + 1));
}

/// <summary>
/// Reads a page of a list by keyset: it starts at an index entry instead of skipping rows, so that a page costs the same at any depth
/// and concurrent inserts and deletes shift nothing (see use-the-index-luke.com, "no offset").
/// </summary>
internal static class PageReader
{
    public static async Task<Page<T>> ReadPageAsync<TRow, T>(
        this ListQuery<TRow, T> list, PageQuery page, HttpContext context, CancellationToken cancellationToken)
    {
        var scope = PageScope.Create(context.Request, list.Sort.Name, list.UserId);
        var after = page.Cursor is null ? null : Cursor.Decode(page.Cursor, scope);
        var limit = page.Limit ?? PageQuery.DefaultLimit;

        var rows = list.FirstPage is { } first && after is null && limit == PageQuery.DefaultLimit
            ? first()
            : list.Page(after, limit).AsAsyncEnumerable();
        List<T> items = new(limit);
        PageRow<T>? last = null;
        string? next = null;
        await foreach (var row in rows.WithCancellation(cancellationToken))
        {
            if (items.Count == limit)
            {
                next = Cursor.After(last!).Encode(scope);
                context.Response.Headers.Link = PageScope.LinkToNext(context.Request, next);
                break;
            }

            items.Add(row.Item);
            last = row;
        }

        return new(items, next, page.IncludeTotal == true ? await list.CountAsync(cancellationToken) : null);
    }

    private static Task<long> CountAsync<TRow, T>(this ListQuery<TRow, T> list, CancellationToken cancellationToken) =>
        list.Total is { } total ? total(cancellationToken) : list.Rows().LongCountAsync(cancellationToken);
}
