namespace MovieAspire.Standalone.Dashboard.Resources;

/// <summary>What a state means for the person who looks at it.</summary>
public enum StateTone
{
    /// <summary>Nothing happens and nothing is wrong: not started, finished, stopped.</summary>
    Neutral,

    /// <summary>On the way: starting, stopping, waiting.</summary>
    Busy,

    /// <summary>Running as it should, or done with success.</summary>
    Good,

    /// <summary>Running, but not healthy.</summary>
    Warning,

    /// <summary>Failed.</summary>
    Bad,
}
