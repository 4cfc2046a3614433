namespace MovieAspire.MigrationWorker.Seeding;

/// <summary>
/// Pseudo-random numbers that are the same on every machine and every .NET: SplitMix64 (Steele, Lea, Flood 2014) in integers only, because
/// floating-point functions differ between processors in the last bit.
/// </summary>
internal struct StableRandom(ulong seed)
{
    private ulong _state = seed;

    /// <summary>A number that depends only on the two arguments.</summary>
    public static ulong Hash(int first, int second) =>
        new StableRandom(((ulong)(uint)first << 32) | (uint)second).Next();

    public ulong Next()
    {
        _state += 0x9E3779B97F4A7C15;
        var z = _state;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }

    /// <summary>A number from 0 to <paramref name="limit"/> - 1.</summary>
    public int Next(int limit) => (int)((Next() >> 33) % (ulong)limit);
}
