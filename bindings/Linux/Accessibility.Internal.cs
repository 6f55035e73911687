#nullable enable
#pragma warning disable CS8981 // C names stay as they are
namespace NvmeGpu.Bindings;

[Microsoft.CodeAnalysis.Embedded] internal static partial class Libc;
[Microsoft.CodeAnalysis.Embedded] internal static partial class NewerKernel;
[Microsoft.CodeAnalysis.Embedded] internal partial struct rlimit;
[Microsoft.CodeAnalysis.Embedded] internal partial struct libc_statx;
[Microsoft.CodeAnalysis.Embedded] internal partial struct libc_statx_timestamp;
[Microsoft.CodeAnalysis.Embedded] internal partial struct libc_statfs;
[Microsoft.CodeAnalysis.Embedded] internal partial struct fsxattr;
[Microsoft.CodeAnalysis.Embedded] internal partial struct fiemap;
[Microsoft.CodeAnalysis.Embedded] internal partial struct fiemap_extent;
