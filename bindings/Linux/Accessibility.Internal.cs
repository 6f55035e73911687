#nullable enable
#pragma warning disable CS8981 // C names stay as they are
namespace NvmeGpu.Bindings;

[Microsoft.CodeAnalysis.Embedded] internal static partial class Libc;
[Microsoft.CodeAnalysis.Embedded] internal partial struct rlimit;
[Microsoft.CodeAnalysis.Embedded] internal partial struct libc_statx;
