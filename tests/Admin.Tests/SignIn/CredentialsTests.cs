using MovieAspire.Admin.SignIn;

namespace MovieAspire.Admin.Tests.SignIn;

public sealed class CredentialsTests
{
    [Theory]
    [InlineData("123456", "123456", false)]
    [InlineData(" 123 456 ", "123456", false)]
    [InlineData("123-456", "123456", false)]
    [InlineData("JYKC9-9BYP2", "JYKC9-9BYP2", true)]
    [InlineData("jykc9-9byp2 ", "JYKC9-9BYP2", true)]
    [InlineData("jykc9 9byp2", "JYKC9-9BYP2", true)]
    [InlineData("jykc9\u20139byp2", "JYKC9-9BYP2", true)]
    [InlineData("JYKC99BYP2", "JYKC9-9BYP2", true)]
    [InlineData("jykc", "JYKC-", true)]
    [InlineData(" ", null, false)]
    [InlineData(null, null, false)]
    public void Code_is_taken_however_it_is_typed(string? typed, string? code, bool isRecoveryCode)
    {
        var credentials = new Credentials("ann@example.com", "password", typed);

        Assert.Equal((code, isRecoveryCode), (credentials.Code, credentials.IsRecoveryCode));
    }
}
