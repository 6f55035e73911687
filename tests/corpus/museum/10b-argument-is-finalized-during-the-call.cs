#nullable enable
// Museum row 10: https://github.com/shimat/opencvsharp/issues/404 (fixed by its pull request 405; C#)
// Static functions of an image library take wrapper objects, read their native pointers and call native code.
// The wrappers, parameters that nobody needs after that read, were finalized during the call.
// missed: the owners are parameters; whether they live on is decided by the callers
using System.Runtime.InteropServices;
using NvmeGpu.Contracts;

internal sealed class Image(nint pointer)
{
    ~Image() => ImageDelete(Pointer);

    [Stable]
    public nint Pointer { get; } = pointer;

    [DllImport("image")]
    private static extern void ImageDelete(nint image);
}

internal static class ImageFunctions
{
    public static void Threshold(Image source, Image target, double threshold) =>
        ImageThreshold(source.Pointer, target.Pointer, threshold);

    public static Image Add(Image left, Image right)
    {
        nint sum = ImageAdd(left.Pointer, right.Pointer);
        return new Image(sum);
    }

    [DllImport("image"), MayBlock]
    private static extern void ImageThreshold(nint source, nint target, double threshold);

    [DllImport("image"), MayBlock]
    private static extern nint ImageAdd(nint left, nint right);
}
