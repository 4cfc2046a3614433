using System.Buffers.Binary;

namespace MovieAspire.MigrationWorker.Bulk;

/// <summary>Values in PostgreSQL's binary format.</summary>
internal static class PostgresValue
{
    /// <summary>What stands for the times <c>infinity</c> and <c>-infinity</c>.</summary>
    public const long Infinity = long.MaxValue;
    public const long NegativeInfinity = long.MinValue;

    /// <summary>Most bytes that a number within <see cref="IsNumeric"/> takes.</summary>
    public const int MaxNumericLength = 32;

    private const int NumericBase = 10_000;
    private static readonly int DayZero = new DateOnly(2000, 1, 1).DayNumber;
    private static readonly long TickZero = new DateTime(2000, 1, 1, 0, 0, 0, DateTimeKind.Utc).Ticks;

    public static int Date(DateOnly date) => date.DayNumber - DayZero;

    /// <exception cref="ArgumentOutOfRangeException">The day lies outside the years 1 to 9999.</exception>
    public static DateOnly ToDate(int days) => DateOnly.FromDayNumber(DayZero + days);

    /// <summary>Microseconds since 2000-01-01 UTC.</summary>
    public static long Timestamp(DateTimeOffset time) => (time.UtcTicks - TickZero) / TimeSpan.TicksPerMicrosecond;

    /// <exception cref="ArgumentOutOfRangeException">The time lies outside the years 1 to 9999.</exception>
    public static DateTime ToTimestamp(long microseconds) =>
        new(checked(TickZero + microseconds * TimeSpan.TicksPerMicrosecond), DateTimeKind.Utc);

    /// <summary>True for up to twelve digits before and four after the decimal point, which is more than any column here holds.</summary>
    public static bool IsNumeric(decimal value) => Math.Abs(value) < 1_000_000_000_000m && value.Scale <= 4;

    /// <summary>Writes a number within <see cref="IsNumeric"/> and gives the bytes it took.</summary>
    public static int WriteNumeric(decimal value, Span<byte> destination)
    {
        var whole = (long)Math.Abs(value);
        ReadOnlySpan<short> digits =
        [
            (short)(whole / NumericBase / NumericBase), (short)(whole / NumericBase % NumericBase), (short)(whole % NumericBase),
            (short)((Math.Abs(value) - whole) * NumericBase),
        ];

        BinaryPrimitives.WriteInt16BigEndian(destination, (short)digits.Length);
        BinaryPrimitives.WriteInt16BigEndian(destination[2..], 2); // The first digit counts NumericBase².
        BinaryPrimitives.WriteInt16BigEndian(destination[4..], value < 0 ? (short)0x4000 : (short)0);
        BinaryPrimitives.WriteInt16BigEndian(destination[6..], value.Scale);
        for (var i = 0; i < digits.Length; i++)
        {
            BinaryPrimitives.WriteInt16BigEndian(destination[(8 + 2 * i)..], digits[i]);
        }

        return 8 + 2 * digits.Length;
    }
}
