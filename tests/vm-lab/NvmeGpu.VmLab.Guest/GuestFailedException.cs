using System;

namespace NvmeGpu.VmLab.Guest;

/// <summary>A claim does not hold; the message says which and why.</summary>
internal sealed class GuestFailedException(string message) : Exception(message);
