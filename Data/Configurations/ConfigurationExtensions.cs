using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace MovieAspire.Data.Configurations;

/// <summary>Rules that several tables share.</summary>
internal static class ConfigurationExtensions
{
    /// <summary>Rejects text that is empty or only white space; null passes where the column allows it.</summary>
    public static void HasNotBlankCheck<T>(this TableBuilder<T> table, string column)
        where T : class =>
        table.HasCheckConstraint($"ck_{table.Name}_{column}_not_blank", $@"{column} ~ '\S'");

    /// <summary>The time of the transaction that inserted the row.</summary>
    public static void IsTimeOfInsert(this PropertyBuilder<DateTimeOffset> property) => property.HasDefaultValueSql("now()");

    /// <summary>The time of the transaction that last changed the row; a trigger keeps it.</summary>
    public static void IsTimeOfUpdate(this PropertyBuilder<DateTimeOffset> property) =>
        property.HasDefaultValueSql("now()").ValueGeneratedOnAddOrUpdate();

    /// <summary>A counter that a trigger increments with every change; an update fails when it is not as it was read.</summary>
    public static void IsRowVersionCounter(this PropertyBuilder<int> property) =>
        property.HasDefaultValue(1).ValueGeneratedOnAddOrUpdate().IsConcurrencyToken();
}
