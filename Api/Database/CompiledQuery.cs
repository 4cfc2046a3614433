using System.Linq.Expressions;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Query;
using MovieAspire.Data;

namespace MovieAspire.Api.Database;

/// <summary>
/// Composes compiled queries, for the hottest reads, from the expressions of ordinary ones (docs/decisions/0008-data-access.md).
/// </summary>
internal static class CompiledQuery
{
    /// <param name="rows">The rows of a context.</param>
    /// <param name="shape">Builds the query on them. Called once.</param>
    public static Func<MovieDbContext, long, IAsyncEnumerable<T>> Create<TRow, T>(
        Expression<Func<MovieDbContext, long, IQueryable<TRow>>> rows, Func<IQueryable<TRow>, IQueryable<T>> shape)
    {
        // This LINQ provider only builds expressions and runs nothing.
        var source = Array.Empty<TRow>().AsQueryable().Provider.CreateQuery<TRow>(rows.Body);
        return EF.CompileAsyncQuery(
            Expression.Lambda<Func<MovieDbContext, long, IQueryable<T>>>(shape(source).Expression, rows.Parameters));
    }

    /// <summary>
    /// Composes a query on top of another one. Needed because the body of a compiled query cannot call a method that returns a query.
    /// </summary>
    public static Expression<Func<MovieDbContext, long, IQueryable<T>>> Compose<TSource, T>(
        Expression<Func<MovieDbContext, IQueryable<TSource>>> source,
        Expression<Func<MovieDbContext, long, IQueryable<TSource>, IQueryable<T>>> query) =>
        Expression.Lambda<Func<MovieDbContext, long, IQueryable<T>>>(
            new ReplacingExpressionVisitor([query.Parameters[0], query.Parameters[2]], [source.Parameters[0], source.Body])
                .Visit(query.Body),
            source.Parameters[0],
            query.Parameters[1]);
}

internal static class ExpressionExtensions
{
    /// <summary>Adds a projection to a query expression.</summary>
    public static Expression<Func<TContext, IQueryable<T>>> Select<TContext, TRow, T>(
        this Expression<Func<TContext, IQueryable<TRow>>> query, Expression<Func<TRow, T>> projection) =>
        Expression.Lambda<Func<TContext, IQueryable<T>>>(
            Expression.Call(typeof(Queryable), nameof(Queryable.Select), [typeof(TRow), typeof(T)], query.Body, projection),
            query.Parameters);

    /// <summary>Turns a projection of a part of a row into a projection of the row.</summary>
    public static Expression<Func<TRow, T>> ApplyTo<TRow, TPart, T>(
        this Expression<Func<TPart, T>> projection, Expression<Func<TRow, TPart>> part) =>
        Expression.Lambda<Func<TRow, T>>(
            ReplacingExpressionVisitor.Replace(projection.Parameters[0], part.Body, projection.Body), part.Parameters[0]);
}
