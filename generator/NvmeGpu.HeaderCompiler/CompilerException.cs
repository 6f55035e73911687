using System;

namespace NvmeGpu.HeaderCompiler;

/// <summary>
/// The input or the machine does not allow a run. The message is what the user sees: what, where, likely
/// cause, what to do. Nothing is written when it is thrown.
/// </summary>
internal sealed class CompilerException(string message) : Exception(message);
