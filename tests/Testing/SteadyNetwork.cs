using System.Runtime.InteropServices;

namespace MovieAspire.Testing;

/// <summary>
/// Starts a browser that does not hear of network interfaces: Chromium drops what it loads (<c>ERR_NETWORK_CHANGED</c>) each time an
/// address of the machine comes or goes, as with each container of the tests beside.
/// </summary>
public static class SteadyNetwork
{
    private const int NoNewPrivileges = 38;
    private const int Seccomp = 22;
    private const int SeccompFilter = 2;

    // BPF (linux/bpf_common.h, linux/seccomp.h): socket(AF_NETLINK, …) ends with EAFNOSUPPORT, all else is allowed.
    private static readonly (ushort Code, byte IfTrue, byte IfFalse, uint Value)[] NoNetlink =
    [
        (0x20, 0, 0, 0),
        (0x15, 0, 3, RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? 198u : 41u),
        (0x20, 0, 0, 16),
        (0x15, 0, 1, 16),
        (0x06, 0, 0, 0x0005_0000 | 97),
        (0x06, 0, 0, 0x7fff_0000),
    ];

    /// <summary>Calls something that starts the browser, or its driver. What it starts inherits the filter of the thread.</summary>
    public static Task<T> StartAsync<T>(Func<Task<T>> start)
    {
        if (!OperatingSystem.IsLinux())
        {
            return start();
        }

        // What waits for it goes on in another thread, without the filter.
        var started = new TaskCompletionSource<Task<T>>(TaskCreationOptions.RunContinuationsAsynchronously);
        new Thread(() =>
        {
            try
            {
                Filter();
                started.SetResult(start());
            }
            catch (Exception e)
            {
                started.SetException(e);
            }
        }).Start();
        return started.Task.Unwrap();
    }

    // Where it is refused, the browser hears of interfaces, which is no worse than before.
    private static void Filter()
    {
        var program = NoNetlink.SelectMany(step => (byte[])
            [.. BitConverter.GetBytes(step.Code), step.IfTrue, step.IfFalse, .. BitConverter.GetBytes(step.Value)]).ToArray();
        var steps = Marshal.AllocHGlobal(program.Length);
        Marshal.Copy(program, 0, steps, program.Length);
        var filter = Marshal.AllocHGlobal(2 * IntPtr.Size);
        Marshal.WriteInt64(filter, NoNetlink.Length);
        Marshal.WriteIntPtr(filter, IntPtr.Size, steps);
        if (Control(NoNewPrivileges, 1, 0, 0, 0) == 0)
        {
            _ = Control(Seccomp, SeccompFilter, filter, 0, 0);
        }

        Marshal.FreeHGlobal(filter);
        Marshal.FreeHGlobal(steps);
    }

    [DllImport("libc", EntryPoint = "prctl")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Control(int option, nint second, nint third, nint fourth, nint fifth);
}
