namespace NvmeGpu.TestKit;

/// <summary>
/// What stands in for tests that are compiled only where liburing's inline functions were translated
/// (NVMEGPU_INLINE_FUNCTIONS): skipped elsewhere, a failure in CI.
/// </summary>
public static class InlineFunctions
{
    public static void Require() => Requirement.That(
        false, "liburing's inline functions were not translated when this was built; run "
        + "native-headers/restore, "
        + "install libclang1-19 and libclang-common-19-dev, and build again");
}
