namespace MovieAspire.Data;

/// <summary>
/// Sizes and ranges that the columns and their CHECKs enforce, in one place, so that input is validated against the same.
/// Lengths are in characters.
/// </summary>
public static class Limits
{
    public const int MovieTitle = 200;
    public const int PersonName = 100;
    public const int CompanyName = 100;
    public const int GenreName = 50;

    /// <summary>Running time in minutes, up to the longest movie that cinemas showed in one piece.</summary>
    public const int MinRuntime = 1;
    public const int MaxRuntime = 1500;

    /// <summary>From the earliest movie that survives (1888) to what a studio could announce.</summary>
    public static readonly DateOnly MinReleaseDate = new(1888, 1, 1);
    public static readonly DateOnly MaxReleaseDate = new(2100, 12, 31);

    public const int MinRating = 1;
    public const int MaxRating = 10;

    public const int ReviewTitle = 120;
    public const int ReviewBody = 10_000;

    public const int DisplayName = 50;

    /// <summary>Longest email address and user name; RFC 5321 allows no path longer than 256 octets.</summary>
    public const int UserName = 256;

    /// <summary>An <c>Idempotency-Key</c>: room for a UUID and for a prefix of the client's.</summary>
    public const int IdempotencyKey = 255;

    public const int ReportComment = 1000;

    /// <summary>What is kept of a <c>User-Agent</c>, by which a user recognizes a session.</summary>
    public const int UserAgent = 200;

    public const int AuditAction = 50;

    /// <summary>Longest line of an email (RFC 5322, 2.1.1).</summary>
    public const int EmailSubject = 998;

    /// <summary>IMDb's ids: <c>tt</c> and 7 to 10 digits.</summary>
    public const string ImdbIdPattern = "^tt[0-9]{7,10}$";
    public const int ImdbId = 12;

    /// <summary>Why a review can be reported.</summary>
    public static readonly IReadOnlyList<string> ReportReasons = ["spam", "abuse", "spoilers", "off_topic", "other"];

    /// <summary>
    /// Ratings of the Motion Picture Association and its predecessors. <c>Not Rated</c> is known of a movie, <c>null</c> is unknown.
    /// </summary>
    public static readonly IReadOnlyList<string> MpaaRatings = ["G", "PG", "PG-13", "R", "NC-17", "Not Rated"];
}
