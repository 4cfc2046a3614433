using System.Net.NetworkInformation;

namespace MovieAspire.Testing.Tests;

public sealed class SteadyNetworkTests
{
    [RequiresFact(Tool.Linux)]
    public async Task What_is_started_hears_of_no_network_interface_and_the_test_still_does()
    {
        var refused = await SteadyNetwork.StartAsync(() => Task.FromResult(Record.Exception(NetworkInterface.GetAllNetworkInterfaces)));

        Assert.IsType<NetworkInformationException>(refused);
        Assert.NotEmpty(NetworkInterface.GetAllNetworkInterfaces());
    }
}
