#nullable enable
// Museum row 28: https://github.com/axboe/liburing/issues/514 (C++)
// The same with the owned types: what a callback can get after the submit is a token, and a token cannot be
// changed.
// caught: does not compile (CS0200)
using NvmeGpu;

internal delegate void SetUserData(ReadToken token);

internal static class LateUserData
{
    public static int Run(IoUring ring, RegisteredRegion into, RegisteredFile file)
    {
        return Begin(ring, into, file, Number);

        static void Number(ReadToken token) => {|CS0200:token.Index|} = 42;
    }

    private static int Begin(
        IoUring ring, RegisteredRegion into, RegisteredFile file, SetUserData setUserData)
    {
        ReadToken token = ring.Read(into, file, 0);
        int submitted = ring.Submit();
        setUserData(token);
        return submitted;
    }
}
