using System;
using System.Linq;
using NvmeGpu.Bindings;
using Xunit;

namespace NvmeGpu.Runtime.Tests.Cuda;

public sealed class CudaExceptionTests
{
    [Fact]
    public void It_says_what_was_asked_what_came_back_and_why()
    {
        var refused = new CudaException("cuMemAlloc of 5 bytes", 2);
        Assert.Equal(
            (2, "CUDA_ERROR_OUT_OF_MEMORY", "not enough memory", "cuMemAlloc of 5 bytes"),
            (refused.Result, refused.ResultName, refused.Description, refused.Operation));
        Assert.StartsWith(
            "cuMemAlloc of 5 bytes failed with CUDA_ERROR_OUT_OF_MEMORY (not enough memory). Likely cause: "
            + "the device", refused.Message);
        Assert.IsAssignableFrom<System.IO.IOException>(refused);
    }

    [Fact]
    public void A_cause_that_is_known_better_goes_before_the_usual_one()
    {
        var refused = new CudaException("It", 2, "the moon.");
        Assert.EndsWith("Likely cause: the moon.", refused.Message);
        Assert.Equal("the moon.", refused.LikelyCause);
    }

    [Theory]
    [InlineData(54321, "It failed with 54321.")]
    [InlineData(-1, "It failed with -1.")]
    [InlineData(402, "It failed with CUDA_ERROR_LOSSY_QUERY.")]
    public void A_result_without_words_is_its_name_or_number(int result, string message) =>
        Assert.Equal(message, new CudaException("It", result).Message);

    [Fact]
    public void Every_result_of_the_header_has_its_name_and_every_sentence_ends()
    {
        foreach (CUresult result in Enum.GetValues<CUresult>())
        {
            Assert.Equal(result.ToString(), CudaErrors.NameOf((int)result));
            string cause = CudaErrors.CauseOf((int)result);
            Assert.True(cause.Length == 0 || (cause.EndsWith('.') && char.IsLower(cause[0])
                || cause.StartsWith("LD_LIBRARY_PATH", StringComparison.Ordinal)), cause);
            Assert.True(cause.Length == 0 || CudaErrors.MeaningOf((int)result).Length > 0, result.ToString());
        }
        Assert.True(
            Enum.GetValues<CUresult>().Count(result => CudaErrors.CauseOf((int)result).Length > 0) > 15);
    }
}
