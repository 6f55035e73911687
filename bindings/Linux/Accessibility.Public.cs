#nullable enable
#pragma warning disable CS8981 // C names stay as they are
namespace NvmeGpu.Bindings;

public static partial class Libc;
public static partial class NewerKernel;
public partial struct rlimit;
public partial struct libc_statx;
public partial struct libc_statx_timestamp;
public partial struct libc_statfs;
public partial struct fsxattr;
public partial struct fiemap;
public partial struct fiemap_extent;
