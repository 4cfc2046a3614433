using System.Security.Cryptography;
using System.Text.Json.Nodes;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>Where the value of a parameter comes from when nobody gives it.</summary>
public abstract class ParameterDefault
{
    public abstract string GetDefaultValue();

    /// <summary>What a manifest says of it.</summary>
    internal abstract JsonObject ToManifest();
}

/// <summary>A fixed default.</summary>
internal sealed class ConstantParameterDefault(Func<string> value) : ParameterDefault
{
    public override string GetDefaultValue() => value();

    internal override JsonObject ToManifest() => new() { ["value"] = value() };
}

/// <summary>A random default, such as a password.</summary>
public sealed class GenerateParameterDefault : ParameterDefault
{
    // Characters that need no quoting in connection strings, URIs and shells, and none that are mistaken for another.
    private const string LowerCharacters = "abcdefghjkmnpqrstuvwxyz";
    private const string UpperCharacters = "ABCDEFGHJKMNPQRSTUVWXYZ";
    private const string NumericCharacters = "0123456789";
    private const string SpecialCharacters = "-_.{}~()*+!";

    public int MinLength { get; set; }

    public bool Lower { get; set; } = true;

    public bool Upper { get; set; } = true;

    public bool Numeric { get; set; } = true;

    public bool Special { get; set; } = true;

    public int MinLower { get; set; }

    public int MinUpper { get; set; }

    public int MinNumeric { get; set; }

    public int MinSpecial { get; set; }

    public override string GetDefaultValue()
    {
        (bool Use, int Min, string Characters)[] classes =
        [
            (Lower, MinLower, LowerCharacters), (Upper, MinUpper, UpperCharacters),
            (Numeric, MinNumeric, NumericCharacters), (Special, MinSpecial, SpecialCharacters),
        ];
        var used = classes.Where(c => c.Use).ToList();
        var required = used.SelectMany(c => RandomNumberGenerator.GetItems<char>(c.Characters, c.Min)).ToList();
        var all = string.Concat(used.Select(c => c.Characters));
        var characters = required.Concat(RandomNumberGenerator.GetItems<char>(all, Math.Max(0, MinLength - required.Count))).ToArray();
        RandomNumberGenerator.Shuffle<char>(characters);
        return new string(characters);
    }

    internal override JsonObject ToManifest()
    {
        var generate = new JsonObject { ["minLength"] = MinLength };
        foreach (var (name, use) in new[] { ("lower", Lower), ("upper", Upper), ("numeric", Numeric), ("special", Special) })
        {
            if (!use)
            {
                generate[name] = false;
            }
        }

        foreach (var (name, min) in new[] { ("minLower", MinLower), ("minUpper", MinUpper), ("minNumeric", MinNumeric), ("minSpecial", MinSpecial) })
        {
            if (min > 0)
            {
                generate[name] = min;
            }
        }

        return new JsonObject { ["generate"] = generate };
    }
}
