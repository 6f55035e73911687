using System;

namespace NvmeGpu.VmLab.Guest;

/// <summary>A test cannot be run in this guest; the message says why.</summary>
internal sealed class GuestSkippedException(string message) : Exception(message);
