using System.Globalization;
using System.Text;
using Npgsql;

namespace MovieAspire.Api.Database;

/// <summary>
/// A statement put together from pieces. What is interpolated into a piece becomes a parameter, never text,
/// so values from outside cannot reach the SQL. An interpolated <see cref="FormattableString"/> is a piece itself.
/// </summary>
internal sealed class SqlBuilder
{
    private readonly StringBuilder _text = new();
    private readonly List<object> _values = [];

    public SqlBuilder()
    {
    }

    public SqlBuilder(FormattableString piece) => Append(piece);

    public string Text => _text.ToString();

    /// <summary>Appends SQL whose interpolated values become parameters.</summary>
    public SqlBuilder Append(FormattableString piece)
    {
        _text.Append(Render(piece));
        return this;
    }

    /// <summary>Appends SQL of our own as it is; never anything that came from outside.</summary>
    public SqlBuilder AppendRaw(string text)
    {
        _text.Append(text);
        return this;
    }

    public NpgsqlCommand ToCommand(NpgsqlConnection connection)
    {
        var command = new NpgsqlCommand(Text, connection);
        foreach (var value in _values)
        {
            command.Parameters.Add(new NpgsqlParameter { Value = value });
        }

        return command;
    }

    private string Render(FormattableString piece)
    {
        var arguments = Array.ConvertAll(piece.GetArguments(), argument => argument is FormattableString inner ? Render(inner) : Bind(argument));
        return string.Format(CultureInfo.InvariantCulture, piece.Format, arguments);
    }

    private string Bind(object? value)
    {
        _values.Add(value ?? DBNull.Value);
        return $"${_values.Count}";
    }
}
