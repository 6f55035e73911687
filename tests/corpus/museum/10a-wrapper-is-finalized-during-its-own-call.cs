#nullable enable
// Museum row 10: https://github.com/mono/SkiaSharp/issues/4127 and
// https://github.com/rust-diplomat/diplomat/pull/1180 (C#)
// A wrapper's property reads the native handle from itself and calls native code with it. After that read
// nothing uses the wrapper any more, so it can be finalized, and the native object freed, while the call is
// running.
// missed: the owner is "this"; whether it lives on is decided by the callers, which the method does not see
using NvmeGpu.Contracts;
using System.Runtime.InteropServices;

internal sealed class VectorPath
{
    private readonly nint _handle = PathNew();

    ~VectorPath() => PathDelete(_handle);

    [Stable]
    public nint Handle => _handle;

    public int PointCount => PathCountPoints(Handle);

    public void LineTo(float x, float y) => PathLineTo(Handle, x, y);

    [DllImport("vector")]
    private static extern nint PathNew();

    [DllImport("vector")]
    private static extern void PathDelete(nint path);

    [DllImport("vector"), MayBlock]
    private static extern int PathCountPoints(nint path);

    [DllImport("vector"), MayBlock]
    private static extern void PathLineTo(nint path, float x, float y);
}

internal static class Drawing
{
    public static int CountAfterOneLine()
    {
        var path = new VectorPath();
        path.LineTo(1, 1);
        return path.PointCount;
    }
}
