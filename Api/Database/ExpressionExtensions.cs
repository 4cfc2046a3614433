using System.Linq.Expressions;
using Microsoft.EntityFrameworkCore.Query;

namespace MovieAspire.Api.Database;

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
