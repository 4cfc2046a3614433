using System.Collections.Frozen;
using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Linq.Expressions;
using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using MovieAspire.Api.Http;
using MovieAspire.Api.Identity;
using MovieAspire.Api.Me;
using MovieAspire.Data;
using MovieAspire.Data.Entities;
using MovieAspire.Data.Identity;

namespace MovieAspire.Api.Admin;

/// <summary>User administration for admins: accounts, roles, locks and sessions.</summary>
internal static class UserAdminEndpoints
{
    private static readonly FrozenSet<string> KnownRoles = [Roles.User, Roles.Moderator, Roles.Admin];

    public static void MapUserAdministration(this IEndpointRouteBuilder api)
    {
        var users = api.MapGroup("/admin/users").WithTags("Administration").RequireAuthorization(Policies.Admin);
        users.MapGet("/", ListAsync).WithName("listUsers").WithoutCaching();
        users.MapGet("/{id:id}", GetAsync).WithName("getUserAccount").WithoutCaching();
        users.MapPut("/{id:id}/roles/{role}", PutRoleAsync).WithName("putUserRole").ProducesProblem(StatusCodes.Status404NotFound);
        users.MapDelete("/{id:id}/roles/{role}", DeleteRoleAsync).WithName("deleteUserRole").ProducesActProblems();
        users.MapPut("/{id:id}/lock", LockAsync).WithName("lockUser").ProducesActProblems();
        users.MapDelete("/{id:id}/lock", UnlockAsync).WithName("unlockUser").ProducesProblem(StatusCodes.Status404NotFound);
        users.MapGet("/{id:id}/sessions", ListSessionsAsync).WithName("listUserSessions").WithoutCaching();
        users.MapDelete("/{id:id}/sessions", EndSessionsAsync).WithName("deleteUserSessions")
            .ProducesProblem(StatusCodes.Status404NotFound);
        users.MapDelete("/{id:id}/sessions/{sessionId:guid:length(36)}", EndSessionAsync).WithName("deleteUserSession");
    }

    /// <summary>List accounts</summary>
    /// <remarks>Newest first.</remarks>
    internal static async Task<Ok<Page<UserAccount>>> ListAsync(
        [AsParameters] UserFilter filter,
        [AsParameters] PageQuery page,
        MovieDbContext db,
        HttpContext context,
        CancellationToken cancellationToken) =>
        TypedResults.Ok(await db.ListAccounts(filter).ReadPageAsync(page, context, cancellationToken));

    /// <summary>Get an account</summary>
    /// <remarks>As in the list.</remarks>
    internal static async Task<Results<Ok<UserAccount>, NotFound>> GetAsync(
        long id, MovieDbContext db, CancellationToken cancellationToken) =>
        await db.Users.Where(user => user.Id == id).Select(UserAccount.FromUser(db)).FirstOrDefaultAsync(cancellationToken) is { } account
            ? TypedResults.Ok(account)
            : TypedResults.NotFound();

    /// <summary>Give an account a role</summary>
    /// <remarks>Idempotent, and effective from the user's next request on. 404 for an unknown role, too.</remarks>
    internal static async Task<Results<NoContent, ProblemHttpResult>> PutRoleAsync(
        long id, string role, UserAdministration users, CancellationToken cancellationToken) =>
        KnownRoles.Contains(role) ? Answer(await users.AddRoleAsync(id, role, cancellationToken)) : UnknownRole();

    /// <summary>Take a role from an account</summary>
    /// <remarks>
    /// Idempotent, and effective from the user's next request on. 409 for the last admin, and for the role user, which all have.
    /// </remarks>
    internal static async Task<Results<NoContent, ProblemHttpResult>> DeleteRoleAsync(
        long id, string role, UserAdministration users, CancellationToken cancellationToken) => role switch
    {
        _ when !KnownRoles.Contains(role) => UnknownRole(),
        Roles.User => ApiProblem.Create(
            StatusCodes.Status409Conflict,
            ProblemCodes.Conflict,
            "Every account has the role user. Lock the account to keep its user out."),
        _ => Answer(await users.RemoveRoleAsync(id, role, cancellationToken)),
    };

    /// <summary>Lock an account</summary>
    /// <remarks>
    /// Ends its sessions and refuses logins until it is unlocked. Idempotent: an account that an admin has locked stays as it is, with the
    /// reason that it has in the audit trail. 409 for your own account, and for the last admin who can log in.
    /// </remarks>
    internal static async Task<Results<NoContent, ProblemHttpResult>> LockAsync(
        long id, LockRequest? request, ClaimsPrincipal user, UserAdministration users, CancellationToken cancellationToken) =>
        id == user.GetUserId()
            ? ApiProblem.Create(
                StatusCodes.Status409Conflict, ProblemCodes.OwnAccount, "You cannot lock your own account. Another admin can.")
            : Answer(await users.LockAsync(id, request?.Reason, cancellationToken));

    /// <summary>Unlock an account</summary>
    /// <remarks>Takes back the lock, also one of ten failed logins. Idempotent.</remarks>
    internal static async Task<Results<NoContent, ProblemHttpResult>> UnlockAsync(
        long id, UserAdministration users, CancellationToken cancellationToken) => Answer(await users.UnlockAsync(id, cancellationToken));

    /// <summary>List the sessions of an account</summary>
    /// <remarks>Each login that has not ended, newest first.</remarks>
    internal static async Task<Results<Ok<Page<SessionResponse>>, NotFound>> ListSessionsAsync(
        long id,
        [AsParameters] PageQuery page,
        ClaimsPrincipal user,
        MovieDbContext db,
        HttpContext context,
        CancellationToken cancellationToken)
    {
        var sessions = await db.SessionsOfUser(id, user.GetSessionId()).ReadPageAsync(page, context, cancellationToken);

        // The account's existence matters only if the list is empty.
        return sessions.Items.Count > 0 || await db.Users.AnyAsync(account => account.Id == id, cancellationToken)
            ? TypedResults.Ok(sessions)
            : TypedResults.NotFound();
    }

    /// <summary>End the sessions of an account</summary>
    /// <remarks>All its tokens are refused from then on; its user can log in again. Idempotent.</remarks>
    internal static async Task<Results<NoContent, ProblemHttpResult>> EndSessionsAsync(
        long id, UserAdministration users, CancellationToken cancellationToken) =>
        Answer(await users.EndSessionsAsync(id, cancellationToken));

    /// <summary>End a session of an account</summary>
    /// <remarks>Its tokens are refused from then on. 404 for one that has ended and for another account's.</remarks>
    internal static async Task<Results<NoContent, NotFound>> EndSessionAsync(
        long id, Guid sessionId, UserAdministration users, CancellationToken cancellationToken) =>
        await users.EndSessionAsync(id, sessionId, cancellationToken) == ActResult.Done ? TypedResults.NoContent() : TypedResults.NotFound();

    private static Results<NoContent, ProblemHttpResult> Answer(ActResult result) => result switch
    {
        ActResult.Done => TypedResults.NoContent(),
        ActResult.LastAdmin => LastAdmin("This is the only admin who can log in."),
        _ => ApiProblem.Create(StatusCodes.Status404NotFound, ProblemCodes.NotFound, "There is no account with this id."),
    };

    /// <param name="who">What the account would no longer be, as a sentence.</param>
    public static ProblemHttpResult LastAdmin(string who) => ApiProblem.Create(
        StatusCodes.Status409Conflict,
        ProblemCodes.LastAdmin,
        $"{who} Give another account the role first, or nobody could manage the catalog any more.");

    private static ProblemHttpResult UnknownRole() => ApiProblem.Create(
        StatusCodes.Status404NotFound,
        ProblemCodes.NotFound,
        $"There is no such role. The roles are {string.Join(", ", KnownRoles.Order())}.");

    private static void ProducesActProblems(this RouteHandlerBuilder builder) => builder
        .ProducesProblem(StatusCodes.Status404NotFound)
        .ProducesProblem(StatusCodes.Status409Conflict);
}

/// <summary>Which accounts to list.</summary>
public sealed record UserFilter
{
    [FromQuery(Name = "search")]
    [NonBlank(100)]
    [Description("A part of the email or of the display name, ignoring case.")]
    public string? Search { get; init; }

    [FromQuery(Name = "role")]
    [AllowedValues(null, Roles.User, Roles.Moderator, Roles.Admin, ErrorMessage = "The role must be user, moderator or admin.")]
    [Description("Only accounts with this role.")]
    public string? Role { get; init; }

    [FromQuery(Name = "locked")]
    [Description("Only accounts that an admin or ten failed logins have locked; false for all others.")]
    public bool? Locked { get; init; }
}

/// <summary>Why an account is locked.</summary>
public sealed record LockRequest
{
    /// <summary>Why, for the audit trail, which keeps it for good.</summary>
    [NonBlank(Limits.ReportComment)]
    public string? Reason { get; init; }
}

/// <summary>An account as admins see it.</summary>
public sealed record UserAccount
{
    public required long Id { get; init; }

    public required string? Email { get; init; }

    public required bool EmailConfirmed { get; init; }

    public required string DisplayName { get; init; }

    /// <summary><c>user</c>, and <c>moderator</c> or <c>admin</c> where given.</summary>
    public required IReadOnlyList<string> Roles { get; init; }

    public required DateTimeOffset JoinedAt { get; init; }

    public required bool TwoFactorEnabled { get; init; }

    /// <summary>Whether nobody can log in, because an admin locked the account or because of ten failed logins.</summary>
    public required bool Locked { get; init; }

    /// <summary>When the lock of failed logins ends; null where an admin locked the account, or nobody.</summary>
    public required DateTimeOffset? LockedUntil { get; init; }

    internal static Expression<Func<User, UserAccount>> FromUser(MovieDbContext db) => user => new()
    {
        Id = user.Id,
        Email = user.Email,
        EmailConfirmed = user.EmailConfirmed,
        DisplayName = user.DisplayName,
        Roles = (from membership in db.UserRoles
                 join role in db.Roles on membership.RoleId equals role.Id
                 where membership.UserId == user.Id
                 orderby role.Name
                 select role.Name!).ToList(),
        JoinedAt = user.CreatedAt,
        TwoFactorEnabled = user.TwoFactorEnabled,
        Locked = user.LockoutEnd > DateTimeOffset.UtcNow,
        LockedUntil = user.LockoutEnd > DateTimeOffset.UtcNow && user.LockoutEnd != AccountLock.UntilUnlocked ? user.LockoutEnd : null,
    };
}

internal static class UserAccountQueries
{
    private const string Escape = @"\";

    /// <summary>Ids ascend, so the highest id is the newest account.</summary>
    private static readonly SortOrder<User> NewestFirst = new("-id", new SortKey<User, long>(user => user.Id, user => user.Id));

    public static ListQuery<User, UserAccount> ListAccounts(this MovieDbContext db, UserFilter filter) => new()
    {
        Rows = () => db.Users.Filter(filter, db),
        Item = UserAccount.FromUser(db),
        Sort = NewestFirst,
    };

    private static IQueryable<User> Filter(this IQueryable<User> users, UserFilter filter, MovieDbContext db)
    {
        if (filter.Search is { } search)
        {
            var pattern = $"%{Literal(search)}%";
            users = users.Where(
                user => EF.Functions.ILike(user.Email!, pattern, Escape) || EF.Functions.ILike(user.DisplayName, pattern, Escape));
        }

        if (filter.Role is { } name)
        {
            users = users.Where(user => db.UserRoles.Any(
                membership => membership.UserId == user.Id && db.Roles.Any(role => role.Id == membership.RoleId && role.Name == name)));
        }

        return filter.Locked switch
        {
            true => users.Where(user => user.LockoutEnd > DateTimeOffset.UtcNow),
            false => users.Where(user => user.LockoutEnd == null || user.LockoutEnd <= DateTimeOffset.UtcNow),
            null => users,
        };
    }

    private static string Literal(string text) => PlainText.NormalizeLine(text)
        .Replace(Escape, Escape + Escape, StringComparison.Ordinal)
        .Replace("%", Escape + "%", StringComparison.Ordinal)
        .Replace("_", Escape + "_", StringComparison.Ordinal);
}
