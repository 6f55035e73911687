#nullable enable
#pragma warning disable CS8981 // C names stay as they are
namespace NvmeGpu.Bindings;

// Which liburing this is: the one whose headers were compiled.
static partial class Liburing
{
    /// <summary>The major version. See io_uring_major_version(3).</summary>
    public static int io_uring_major_version() => IO_URING_VERSION_MAJOR;

    /// <summary>The minor version. See io_uring_minor_version(3).</summary>
    public static int io_uring_minor_version() => IO_URING_VERSION_MINOR;

    /// <summary>
    /// False when this is the given version or a newer one, true when it is older. See
    /// io_uring_check_version(3).
    /// </summary>
    public static bool io_uring_check_version(int major, int minor) =>
        major > IO_URING_VERSION_MAJOR
        || (major == IO_URING_VERSION_MAJOR && minor > IO_URING_VERSION_MINOR);
}
