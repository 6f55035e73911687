#nullable enable
#pragma warning disable CS8981 // C names stay as they are
namespace NvmeGpu.Bindings;

public static partial class Libc;
public partial struct rlimit;
public partial struct libc_statx;
