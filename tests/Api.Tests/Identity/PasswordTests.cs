using System.Buffers.Binary;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using MovieAspire.Api.Identity;
using MovieAspire.Data.Entities;

namespace MovieAspire.Api.Tests.Identity;

public sealed class PasswordTests
{
    // The services as the API registers them; its tests take fewer rounds.
    private readonly IPasswordHasher<User> _hasher = new ServiceCollection()
        .AddAppIdentity()
        .BuildServiceProvider()
        .GetRequiredService<IPasswordHasher<User>>();

    [Fact]
    public void Password_hash_is_PBKDF2_with_SHA_512_and_at_least_the_iterations_that_OWASP_recommends()
    {
        var hash = Convert.FromBase64String(_hasher.HashPassword(new User(), AccountClient.Password));

        // Identity's format 1: a marker, then the function and the rounds, each as a big-endian number of four bytes.
        Assert.Equal((1, 2), (hash[0], ReadNumber(hash, 1)));
        Assert.True(ReadNumber(hash, 5) >= 210_000);
    }

    [Fact]
    public void Password_hash_is_salted() =>
        Assert.NotEqual(_hasher.HashPassword(new User(), AccountClient.Password), _hasher.HashPassword(new User(), AccountClient.Password));

    private static int ReadNumber(byte[] bytes, int at) => BinaryPrimitives.ReadInt32BigEndian(bytes.AsSpan(at));
}
