using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using MovieAspire.Data;
using Npgsql;
using NpgsqlTypes;

namespace MovieAspire.MigrationWorker.Fixtures;

/// <summary>Turns records into rows of a staging table, whose first column is the line.</summary>
internal sealed class RecordReader
{
    private readonly (byte[] Name, FixtureField Field)[] _fields;
    private readonly Value[] _values;
    private readonly (int Field, int Of)[] _upperCase;
    private readonly ArrayBufferWriter<byte> _text = new();

    public RecordReader(IReadOnlyList<FixtureField> fields)
    {
        _fields = [.. fields.Select(field => (Encoding.UTF8.GetBytes(field.Name), field))];
        _values = new Value[_fields.Length];
        var names = fields.Select(field => field.Name).ToList();
        _upperCase = [.. fields.Index()
            .Where(field => field.Item.UpperCaseOf is not null)
            .Select(field => (field.Index, names.IndexOf(field.Item.UpperCaseOf!)))];
    }

    /// <summary>Whether all text so far is certainly composed (NFC).</summary>
    public bool IsComposed { get; private set; } = true;

    private enum ValueState
    {
        Missing,
        Null,
        Present,
    }

    /// <summary>Reads a record, or returns the reason why it is invalid.</summary>
    public string? Read(ReadOnlySpan<byte> json)
    {
        _text.ResetWrittenCount();
        Array.Clear(_values);
        var reader = new Utf8JsonReader(json);
        reader.Read();
        var expected = 0;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var index = Find(ref reader, expected);
            if (index < 0)
            {
                var known = string.Join(", ", _fields.Select(field => field.Field.Name));
                return $"there is no column \"{Encoding.UTF8.GetString(reader.ValueSpan)}\"; there are: {known}";
            }

            ref var value = ref _values[index];
            if (value.State != ValueState.Missing)
            {
                return $"\"{_fields[index].Field.Name}\" stands twice";
            }

            reader.Read();
            value.State = reader.TokenType == JsonTokenType.Null ? ValueState.Null : ValueState.Present;
            if (value.State == ValueState.Present && Parse(ref reader, _fields[index].Field, ref value) is { } problem)
            {
                return $"\"{_fields[index].Field.Name}\": {problem}";
            }

            expected = index + 1;
        }

        return CheckUpperCase();
    }

    /// <summary>Writes the record that was read last.</summary>
    public async ValueTask WriteAsync(long line, NpgsqlBinaryImporter rows, CancellationToken cancellationToken)
    {
        await rows.StartRowAsync(cancellationToken);
        await rows.WriteAsync(line, NpgsqlDbType.Bigint, cancellationToken);
        for (var i = 0; i < _values.Length; i++)
        {
            var value = _values[i];
            await (value.State != ValueState.Present ? rows.WriteNullAsync(cancellationToken) : _fields[i].Field.Type switch
            {
                FixtureType.Text => rows.WriteAsync(_text.WrittenMemory[value.Text], NpgsqlDbType.Text, cancellationToken),
                FixtureType.Boolean => rows.WriteAsync(value.Integer != 0, NpgsqlDbType.Boolean, cancellationToken),
                FixtureType.SmallInt => rows.WriteAsync((short)value.Integer, NpgsqlDbType.Smallint, cancellationToken),
                FixtureType.Integer => rows.WriteAsync((int)value.Integer, NpgsqlDbType.Integer, cancellationToken),
                FixtureType.BigInt => rows.WriteAsync(value.Integer, NpgsqlDbType.Bigint, cancellationToken),
                FixtureType.Numeric => rows.WriteAsync(value.Numeric, NpgsqlDbType.Numeric, cancellationToken),
                FixtureType.Date => rows.WriteAsync(DateOnly.FromDayNumber((int)value.Integer), NpgsqlDbType.Date, cancellationToken),
                _ => rows.WriteAsync(value.Integer, NpgsqlDbType.TimestampTz, cancellationToken),
            });
        }
    }

    // Dumps write fields in this order, so the search starts at the expected one.
    private int Find(ref Utf8JsonReader reader, int expected)
    {
        for (var i = expected; i < expected + _fields.Length; i++)
        {
            if (reader.ValueTextEquals(_fields[i % _fields.Length].Name))
            {
                return i % _fields.Length;
            }
        }

        return -1;
    }

    private string? Parse(ref Utf8JsonReader json, FixtureField field, ref Value value) => field.Type switch
    {
        FixtureType.Text => Text(ref json, field.IsLine, ref value),
        FixtureType.Boolean => Boolean(ref json, ref value),
        FixtureType.SmallInt => Integer(ref json, short.MinValue, short.MaxValue, ref value),
        FixtureType.Integer => Integer(ref json, int.MinValue, int.MaxValue, ref value),
        FixtureType.BigInt => Integer(ref json, long.MinValue, long.MaxValue, ref value),
        FixtureType.Numeric => Numeric(ref json, ref value),
        FixtureType.Date => Date(ref json, ref value),
        _ => Timestamp(ref json, ref value),
    };

    // Skips names with combining marks, which may be composed differently: this process cannot normalize (InvariantGlobalization).
    private string? CheckUpperCase()
    {
        foreach (var (field, of) in _upperCase)
        {
            var name = GetText(of);
            if (GetText(field) != name?.ToUpperInvariant() && name?.Any(IsMark) != true)
            {
                return $"{_fields[field].Field.Name} is not {_fields[of].Field.Name} in upper case";
            }
        }

        return null;

        static bool IsMark(char code) => char.GetUnicodeCategory(code) is UnicodeCategory.NonSpacingMark;
    }

    private string? GetText(int field) =>
        _values[field].State == ValueState.Present ? Encoding.UTF8.GetString(_text.WrittenSpan[_values[field].Text]) : null;

    private string? Text(ref Utf8JsonReader json, bool isLine, ref Value value)
    {
        if (json.TokenType != JsonTokenType.String)
        {
            return "expected text in quotes";
        }

        try
        {
            var span = _text.GetSpan(Math.Max(1, json.ValueSpan.Length));
            var written = json.CopyString(span);
            if (span[..written].Contains((byte)0))
            {
                return "holds the character U+0000, which PostgreSQL cannot store";
            }

            if (isLine && !IsPlain(span[..written]))
            {
                return Line(Encoding.UTF8.GetString(span[..written]), ref value);
            }

            value.Text = _text.WrittenCount..(_text.WrittenCount + written);
            _text.Advance(written);
            return null;
        }
        catch (InvalidOperationException)
        {
            return "is not valid Unicode text";
        }
    }

    private static bool IsPlain(ReadOnlySpan<byte> text) =>
        !text.ContainsAnyExceptInRange((byte)' ', (byte)'~') && text is not [(byte)' ', ..] and not [.., (byte)' '];

    private string? Line(string text, ref Value value)
    {
        text = PlainText.Normalize(text);
        if (text.Length > 0 && !PlainText.IsVisible(text))
        {
            return "nothing of it can be seen";
        }

        if (PlainText.FindRefused(text) is { } refused)
        {
            return string.Create(CultureInfo.InvariantCulture, $"has a control or format character (U+{refused.Value:X4})");
        }

        // Characters before U+0300 need no composition.
        IsComposed &= !text.AsSpan().ContainsAnyInRange('\u0300', '\uFFFF');
        var written = Encoding.UTF8.GetBytes(text, _text);
        value.Text = (_text.WrittenCount - (int)written).._text.WrittenCount;
        return null;
    }

    private static string? Boolean(ref Utf8JsonReader json, ref Value value)
    {
        value.Integer = json.TokenType == JsonTokenType.True ? 1 : 0;
        return json.TokenType is JsonTokenType.True or JsonTokenType.False ? null : "expected true or false";
    }

    private static string? Integer(ref Utf8JsonReader json, long least, long most, ref Value value) =>
        json.TokenType == JsonTokenType.Number && json.TryGetInt64(out value.Integer) && value.Integer >= least && value.Integer <= most
            ? null
            : $"expected a whole number from {least} to {most}";

    // Up to twelve digits before and four after the decimal point, more than any column here has.
    private static string? Numeric(ref Utf8JsonReader json, ref Value value) =>
        json.TokenType == JsonTokenType.Number && json.TryGetDecimal(out value.Numeric)
            && Math.Abs(value.Numeric) < 1_000_000_000_000m && value.Numeric.Scale <= 4
            ? null
            : "expected a number with at most four decimals";

    private static string? Date(ref Utf8JsonReader json, ref Value value)
    {
        if (json.TokenType != JsonTokenType.String || json.ValueSpan.Length != "2000-01-31".Length || !json.TryGetDateTime(out var date))
        {
            return "expected a day like \"2000-01-31\"";
        }

        value.Integer = DateOnly.FromDateTime(date).DayNumber;
        return null;
    }

    private static string? Timestamp(ref Utf8JsonReader json, ref Value value)
    {
        if (json.TokenType == JsonTokenType.String && HasOffset(json.ValueSpan) && json.TryGetDateTimeOffset(out var time))
        {
            value.Integer = PostgresTimestamp.From(time);
        }
        else if (json.TokenType == JsonTokenType.String && json.ValueTextEquals("infinity"u8))
        {
            value.Integer = PostgresTimestamp.Infinity;
        }
        else if (json.TokenType == JsonTokenType.String && json.ValueTextEquals("-infinity"u8))
        {
            value.Integer = PostgresTimestamp.NegativeInfinity;
        }
        else
        {
            return "expected a time like \"2000-01-31T23:59:59.123456Z\"";
        }

        return null;
    }

    // Without an offset, the machine's time zone would be used.
    private static bool HasOffset(ReadOnlySpan<byte> time) =>
        time is [.., (byte)'Z'] or [.., (byte)'+' or (byte)'-', _, _, (byte)':', _, _];

    /// <summary>
    /// A value of a record: a text by its position, a day by its number, a time in PostgreSQL's microseconds, others as they are.
    /// </summary>
    private struct Value
    {
        public ValueState State;
        public long Integer;
        public decimal Numeric;
        public Range Text;
    }
}

/// <summary>
/// Times as PostgreSQL counts them, in microseconds since 2000, which Npgsql reads and writes as they are. As <see cref="DateTime"/>,
/// the first and last time of .NET would stand for infinity.
/// </summary>
internal static class PostgresTimestamp
{
    public const long Infinity = long.MaxValue;
    public const long NegativeInfinity = long.MinValue;
    private static readonly long TickZero = new DateTime(2000, 1, 1, 0, 0, 0, DateTimeKind.Utc).Ticks;

    public static long From(DateTimeOffset time) => (time.UtcTicks - TickZero) / TimeSpan.TicksPerMicrosecond;

    /// <exception cref="ArgumentOutOfRangeException">The time lies outside the years 1 to 9999.</exception>
    public static DateTime ToDateTime(long microseconds) =>
        new(checked(TickZero + microseconds * TimeSpan.TicksPerMicrosecond), DateTimeKind.Utc);
}
