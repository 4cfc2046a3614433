using System.Net;
using MovieAspire.Api.Tests.Support;
using MovieAspire.Data.Identity;

namespace MovieAspire.Api.Tests.Admin;

/// <summary>Of a database of its own, in which each test decides who the admins are.</summary>
public sealed class LastAdminTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    private const string Users = "/api/v1/admin/users";

    [Fact]
    public async Task Last_admin_who_can_log_in_stays()
    {
        var (ann, ben) = await OnlyTwoAdminsAsync();
        using var locked = await ann.Client.PutAsync($"{Users}/{ben.Id}/lock", null);
        Assert.Equal(HttpStatusCode.NoContent, locked.StatusCode);

        using var demoted = await ann.Client.DeleteAsync($"{Users}/{ann.Id}/roles/admin");
        await demoted.ReadProblemAsync(HttpStatusCode.Conflict, "last_admin");
        using var left = await ann.Client.DeleteAsync("/api/v1/me");
        await left.ReadProblemAsync(HttpStatusCode.Conflict, "last_admin");
        Assert.Equal(1, await api.ScalarAsync<long>($"SELECT count(*) FROM audit_entries WHERE actor_id = {ann.Id}"));

        using var unlocked = await ann.Client.DeleteAsync($"{Users}/{ben.Id}/lock");
        using var away = await ann.Client.DeleteAsync($"{Users}/{ann.Id}/roles/admin");
        Assert.Equal(HttpStatusCode.NoContent, away.StatusCode);
    }

    [Theory]
    [InlineData("DELETE", "/roles/admin", "DELETE", "/roles/admin")]
    [InlineData("PUT", "/lock", "PUT", "/lock")]
    [InlineData("PUT", "/lock", "DELETE", "/roles/admin")]
    public async Task Two_admins_who_act_on_each_other_concurrently_leave_one(
        string annsMethod, string annsAct, string bensMethod, string bensAct)
    {
        await using var replica = api.Replica();
        for (var round = 0; round < 8; round++)
        {
            var (ann, ben) = await OnlyTwoAdminsAsync();
            using var elsewhere = replica.CreateClient(ben.Id, Roles.Admin);

            var answers = await Task.WhenAll(
                ann.Client.SendAsync(annsMethod, $"{Users}/{ben.Id}{annsAct}"),
                elsewhere.SendAsync(bensMethod, $"{Users}/{ann.Id}{bensAct}"));

            await AssertOneStaysAsync(answers);
        }
    }

    [Fact]
    public async Task An_admin_who_leaves_while_the_other_steps_down_leaves_one()
    {
        await using var replica = api.Replica();
        for (var round = 0; round < 8; round++)
        {
            var (ann, ben) = await OnlyTwoAdminsAsync();
            using var elsewhere = replica.CreateClient(ben.Id, Roles.Admin);

            var answers = await Task.WhenAll(
                ann.Client.DeleteAsync($"{Users}/{ann.Id}/roles/admin"), elsewhere.DeleteAsync("/api/v1/me"));

            await AssertOneStaysAsync(answers);
        }
    }

    private async Task<(TestUser Ann, TestUser Ben)> OnlyTwoAdminsAsync()
    {
        await api.ExecuteAsync($"DELETE FROM user_roles WHERE role_id = (SELECT id FROM roles WHERE name = 'admin')");
        return (await api.AddSignedInUserAsync(Roles.Admin), await api.AddSignedInUserAsync(Roles.Admin));
    }

    /// <summary>The other was refused: by the rule, or since the first was faster.</summary>
    private async Task AssertOneStaysAsync(HttpResponseMessage[] answers)
    {
        Assert.Single(answers, answer => answer.StatusCode == HttpStatusCode.NoContent);
        Assert.Single(answers, answer =>
            answer.StatusCode is HttpStatusCode.Conflict or HttpStatusCode.Forbidden or HttpStatusCode.Unauthorized);
        Assert.Equal(1, await api.ScalarAsync<long>(
            $"""
            SELECT count(*) FROM user_roles JOIN users ON users.id = user_id JOIN roles ON roles.id = role_id
            WHERE roles.name = 'admin' AND lockout_end IS NULL
            """));
    }
}
