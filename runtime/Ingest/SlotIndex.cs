#nullable enable
namespace NvmeGpu;

/// <summary>Which slot, 0 to the driver's slot count - 1. A slot's life, and who owns its bytes:</summary>
/// <remarks>
/// <code>
///   Free (us) -> Reading (kernel, device) -> Published (consumer) -> Consumed (us) -> Free
///                Reading -> Failed (us) -> Free
/// </code>
/// Each arrow has exactly one writer. Cancelling asks; only the target's own completion ends Reading.
/// </remarks>
readonly partial record struct SlotIndex(int Value)
{
    public override string ToString() => Value.ToString();
}
