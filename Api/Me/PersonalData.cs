using Microsoft.EntityFrameworkCore;
using MovieAspire.Api.Database;
using MovieAspire.Api.Moderation;
using MovieAspire.Api.Emails;
using MovieAspire.Api.Reviews;
using MovieAspire.Data;

namespace MovieAspire.Api.Me;

/// <summary>Everything stored about a user. The lists are streamed.</summary>
public sealed record PersonalData
{
    public required Profile Profile { get; init; }

    public required AccountData Account { get; init; }

    public required IAsyncEnumerable<RatingResponse> Ratings { get; init; }

    public required IAsyncEnumerable<ReviewResponse> Reviews { get; init; }

    public required IAsyncEnumerable<MarkedItem> Favorites { get; init; }

    /// <summary>The reviews that the user marked as helpful.</summary>
    public required IAsyncEnumerable<MarkedItem> HelpfulVotes { get; init; }

    /// <summary>What the user reported to the moderators.</summary>
    public required IAsyncEnumerable<OwnReport> Reports { get; init; }

    /// <summary>The requests whose responses are stored for a day, to be replayed.</summary>
    public required IAsyncEnumerable<KeptRequest> IdempotencyKeys { get; init; }

    /// <summary>The emails to the user that wait to be sent.</summary>
    public required IAsyncEnumerable<WaitingEmail> WaitingEmails { get; init; }

    /// <summary>The logins that have not ended.</summary>
    public required IAsyncEnumerable<SessionResponse> Sessions { get; init; }
}

/// <summary>What is stored for signing in. Passwords and keys are not exported.</summary>
public sealed record AccountData
{
    public required string UserName { get; init; }

    public required string? PhoneNumber { get; init; }

    public required bool PhoneNumberConfirmed { get; init; }

    public required bool TwoFactorEnabled { get; init; }

    /// <summary>Failed logins since the last successful one.</summary>
    public required int FailedLogins { get; init; }

    public required DateTimeOffset? LockedUntil { get; init; }

    /// <summary>External providers whose accounts can sign in.</summary>
    public required IReadOnlyList<string> ExternalLogins { get; init; }

    /// <summary>Claims as <c>type=value</c>.</summary>
    public required IReadOnlyList<string> Claims { get; init; }

    /// <summary>Names of the stored secrets, such as the key of an authenticator app.</summary>
    public required IReadOnlyList<string> Secrets { get; init; }
}

/// <summary>A favorite movie, or a review marked as helpful.</summary>
public sealed record MarkedItem
{
    public required long Id { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }
}

/// <summary>A user's own report of a review.</summary>
public sealed record OwnReport
{
    public required long ReviewId { get; init; }

    [ReportReason]
    public required string Reason { get; init; }

    public required string? Comment { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When a moderator decided to keep the review; null while nobody has.</summary>
    public required DateTimeOffset? ResolvedAt { get; init; }
}

/// <summary>A request that carried an <c>Idempotency-Key</c>.</summary>
public sealed record KeptRequest
{
    public required string Key { get; init; }

    /// <summary>HTTP status of the response; null while the request runs.</summary>
    public required int? StatusCode { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }
}

/// <summary>An email that waits to be sent. Its text is left out: it may hold a secret that only the mailbox's owner is to know.</summary>
public sealed record WaitingEmail
{
    public required string Recipient { get; init; }

    public required string Subject { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }
}

internal static class PersonalDataQueries
{
    /// <summary>The context must not retry, which would buffer: the lists are streamed.</summary>
    public static async Task<PersonalData> ExportAsync(this MovieDbContext db, Profile profile, Guid sessionId, CancellationToken cancellationToken)
    {
        var userId = profile.Id;
        return new()
        {
            Profile = profile,
            Account = await db.Users.Where(user => user.Id == userId)
                .Select(user => new AccountData
                {
                    UserName = user.UserName!,
                    PhoneNumber = user.PhoneNumber,
                    PhoneNumberConfirmed = user.PhoneNumberConfirmed,
                    TwoFactorEnabled = user.TwoFactorEnabled,
                    FailedLogins = user.AccessFailedCount,
                    LockedUntil = user.LockoutEnd,
                    ExternalLogins = db.UserLogins.Where(login => login.UserId == userId)
                        .OrderBy(login => login.LoginProvider).Select(login => login.LoginProvider).ToList(),
                    Claims = db.UserClaims.Where(claim => claim.UserId == userId)
                        .OrderBy(claim => claim.Id).Select(claim => claim.ClaimType + "=" + claim.ClaimValue).ToList(),
                    Secrets = db.UserTokens.Where(token => token.UserId == userId)
                        .OrderBy(token => token.Name).Select(token => token.Name).ToList(),
                })
                // One query for each list: in one, each row of a list would come with each of the others.
                .AsSplitQuery()
                .SingleAsync(cancellationToken),
            Ratings = db.Ratings.Where(rating => rating.UserId == userId)
                .OrderBy(rating => rating.CreatedAt).ThenBy(rating => rating.MovieId)
                .Select(RatingResponse.FromRating).StreamAsync(cancellationToken),
            Reviews = db.Reviews.Where(review => review.UserId == userId)
                .OrderBy(review => review.CreatedAt).ThenBy(review => review.Id)
                .Select(ReviewResponse.FromReview).StreamAsync(cancellationToken),
            Favorites = db.Favorites.Where(favorite => favorite.UserId == userId)
                .OrderBy(favorite => favorite.CreatedAt).ThenBy(favorite => favorite.MovieId)
                .Select(favorite => new MarkedItem { Id = favorite.MovieId, CreatedAt = favorite.CreatedAt })
                .StreamAsync(cancellationToken),
            HelpfulVotes = db.ReviewVotes.Where(vote => vote.UserId == userId)
                .OrderBy(vote => vote.CreatedAt).ThenBy(vote => vote.ReviewId)
                .Select(vote => new MarkedItem { Id = vote.ReviewId, CreatedAt = vote.CreatedAt })
                .StreamAsync(cancellationToken),
            Reports = db.ReviewReports.Where(report => report.UserId == userId)
                .OrderBy(report => report.CreatedAt).ThenBy(report => report.Id)
                .Select(report => new OwnReport
                {
                    ReviewId = report.ReviewId,
                    Reason = report.Reason,
                    Comment = report.Comment,
                    CreatedAt = report.CreatedAt,
                    ResolvedAt = report.ResolvedAt,
                })
                .StreamAsync(cancellationToken),
            IdempotencyKeys = db.IdempotencyKeys.Where(key => key.UserId == userId)
                .OrderBy(key => key.CreatedAt).ThenBy(key => key.Id)
                .Select(key => new KeptRequest { Key = key.Key, StatusCode = key.StatusCode, CreatedAt = key.CreatedAt })
                .StreamAsync(cancellationToken),
            WaitingEmails = db.EmailsTo(userId)
                .OrderBy(email => email.CreatedAt).ThenBy(email => email.Id)
                .Select(email => new WaitingEmail
                {
                    Recipient = email.Recipient,
                    Subject = email.Subject,
                    CreatedAt = email.CreatedAt,
                })
                .StreamAsync(cancellationToken),
            Sessions = db.Sessions.Where(session => session.UserId == userId)
                .OrderBy(session => session.Id).Select(SessionResponse.FromSession(sessionId)).StreamAsync(cancellationToken),
        };
    }
}
