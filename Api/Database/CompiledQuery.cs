using System.Linq.Expressions;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Query;
using MovieAspire.Data;

namespace MovieAspire.Api.Database;

/// <summary>
/// Compiled queries that are put together from the same pieces as others, for what is read most (docs/decisions/0008-data-access.md).
/// </summary>
internal static class CompiledQuery
{
    /// <param name="rows">The rows of a context, given the query's argument.</param>
    /// <param name="shape">What is made of them. Called once.</param>
    public static Func<MovieDbContext, long, IAsyncEnumerable<T>> Create<TRow, T>(
        Expression<Func<MovieDbContext, long, IQueryable<TRow>>> rows, Func<IQueryable<TRow>, IQueryable<T>> shape)
    {
        // This provider only builds expressions.
        var source = Array.Empty<TRow>().AsQueryable().Provider.CreateQuery<TRow>(rows.Body);
        return EF.CompileAsyncQuery(
            Expression.Lambda<Func<MovieDbContext, long, IQueryable<T>>>(shape(source).Expression, rows.Parameters));
    }

    /// <summary>A query of what another one returns. The body of a compiled query cannot call a method that returns a query.</summary>
    public static Expression<Func<MovieDbContext, long, IQueryable<T>>> Compose<TSource, T>(
        Expression<Func<MovieDbContext, IQueryable<TSource>>> source,
        Expression<Func<MovieDbContext, long, IQueryable<TSource>, IQueryable<T>>> query) =>
        Expression.Lambda<Func<MovieDbContext, long, IQueryable<T>>>(
            new ReplacingExpressionVisitor([query.Parameters[0], query.Parameters[2]], [source.Parameters[0], source.Body])
                .Visit(query.Body),
            source.Parameters[0],
            query.Parameters[1]);
}
