using System.CommandLine;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Logging;
using MovieAspire.Data.Identity;
using MovieAspire.MigrationWorker.Cli;
using MovieAspire.MigrationWorker.Migrations;
using Npgsql;

namespace MovieAspire.MigrationWorker.Database;

/// <summary>Groups the commands that give and remove roles without the API, such as for the first admin.</summary>
internal sealed class RoleCommand : Command
{
    public RoleCommand()
        : base("role", "Makes moderators and admins, where no admin is there to do it by the API.")
    {
        Subcommands.Add(RoleChangeCommand.Add());
        Subcommands.Add(RoleChangeCommand.Remove());
    }
}

/// <summary>Gives an account a role, or removes it. The audit trail records it without an actor.</summary>
internal sealed class RoleChangeCommand : WorkerCommand
{
    private const string FindSql = "SELECT id FROM users WHERE normalized_email = $1 FOR UPDATE";

    private const string AddSql = """
        WITH added AS (
            INSERT INTO user_roles (user_id, role_id) SELECT $1, id FROM roles WHERE name = $2 ON CONFLICT DO NOTHING RETURNING user_id)
        INSERT INTO audit_entries (action, subject_type, subject_id, after)
        SELECT 'role.added', 'user', user_id, jsonb_build_object('role', $2) FROM added
        """;

    private const string RemoveSql = """
        WITH removed AS (
            DELETE FROM user_roles USING roles WHERE user_id = $1 AND role_id = roles.id AND name = $2 RETURNING user_id)
        INSERT INTO audit_entries (action, subject_type, subject_id, before)
        SELECT 'role.removed', 'user', user_id, jsonb_build_object('role', $2) FROM removed
        """;

    // The same lock as in the API: concurrent removals of two admins are serialized. An account that an admin has locked is locked until
    // infinity.
    private const string LockAdminsSql = "SELECT FROM roles WHERE name = $1 FOR NO KEY UPDATE";

    private const string OtherAdminSql = """
        SELECT EXISTS (
            SELECT FROM user_roles JOIN roles ON roles.id = role_id JOIN users ON users.id = user_id
            WHERE name = $2 AND user_id <> $1 AND lockout_end IS DISTINCT FROM 'infinity')
        """;

    private readonly Argument<string> _email = new("EMAIL") { Description = "The email that the account was registered with." };

    private readonly Argument<string> _role =
        new Argument<string>("ROLE") { Description = "The role." }.AcceptOnlyFromAmong(Roles.Moderator, Roles.Admin);

    private readonly bool _adds;

    private RoleChangeCommand(string name, string description, bool adds)
        : base(name, description)
    {
        _adds = adds;
        Arguments.Add(_email);
        Arguments.Add(_role);
    }

    public static RoleChangeCommand Add() => new("add", "Gives an account a role. The user need not log in again.", adds: true);

    public static RoleChangeCommand Remove() => new("remove", "Takes a role from an account, but not from the last admin.", adds: false);

    protected override async Task<int> RunAsync(CommandContext context, ParseResult arguments, CancellationToken cancellationToken)
    {
        var role = arguments.GetRequiredValue(_role);
        await using var connection = await ServerWait.OpenAsync(context, cancellationToken);
        await MigrationState.RequireCurrentAsync(connection, cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var email = new UpperInvariantLookupNormalizer().NormalizeEmail(arguments.GetRequiredValue(_email));
        var userId = await connection.ScalarAsync<long?>(FindSql, cancellationToken, email)
            ?? throw new UserErrorException("No account has this email. Register it first: POST /api/v1/auth/register.");
        if (!_adds && role == Roles.Admin)
        {
            await RefuseLastAdminAsync(connection, userId, cancellationToken);
        }

        var changed = await connection.ExecuteAsync(_adds ? AddSql : RemoveSql, cancellationToken, userId, role);
        await transaction.CommitAsync(cancellationToken);
        context.Log.LogInformation("The account {Result}", (changed > 0, _adds) switch
        {
            (true, true) => $"has the role {role} now.",
            (true, false) => $"has no longer the role {role}.",
            (false, true) => $"has the role {role} already: nothing to do.",
            (false, false) => $"does not have the role {role}: nothing to do.",
        });
        return ExitCode.Ok;
    }

    private static async Task RefuseLastAdminAsync(NpgsqlConnection connection, long userId, CancellationToken cancellationToken)
    {
        await connection.ExecuteAsync(LockAdminsSql, cancellationToken, Roles.Admin);
        if (!await connection.ScalarAsync<bool>(OtherAdminSql, cancellationToken, userId, Roles.Admin))
        {
            throw new UserErrorException("No other admin can log in. Make another account an admin first: role add EMAIL admin.");
        }
    }
}
