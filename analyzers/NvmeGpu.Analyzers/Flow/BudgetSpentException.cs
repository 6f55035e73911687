using System;

namespace NvmeGpu.Analyzers.Flow;

/// <summary>A method is larger than a run is meant for: nothing is said about it.</summary>
internal sealed class BudgetSpentException : Exception;
