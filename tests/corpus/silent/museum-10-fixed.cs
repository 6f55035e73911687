#nullable enable
// Museum row 10, fixed (museum/10a-wrapper-is-finalized-during-its-own-call.cs):
// https://github.com/mono/SkiaSharp/issues/4127
// https://github.com/rust-diplomat/diplomat/pull/1180
// The wrapper keeps itself alive until the call has returned.
using System;
using System.Runtime.InteropServices;
using NvmeGpu.Contracts;

internal sealed class VectorPath
{
    private readonly nint _handle = PathNew();

    ~VectorPath() => PathDelete(_handle);

    [Stable]
    public nint Handle => _handle;

    public int PointCount
    {
        get
        {
            int count = PathCountPoints(Handle);
            GC.KeepAlive(this);
            return count;
        }
    }

    public void LineTo(float x, float y)
    {
        PathLineTo(Handle, x, y);
        GC.KeepAlive(this);
    }

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
