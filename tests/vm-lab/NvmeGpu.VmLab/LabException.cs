using System;

namespace NvmeGpu.VmLab;

/// <summary>The lab cannot do what was asked; the message is one sentence that says why.</summary>
internal sealed class LabException(string message) : Exception(message);
