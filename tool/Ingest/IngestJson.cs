using System.Text.Json.Serialization;

namespace NvmeGpu.Tool.Ingest;

/// <summary>
/// How the parts of the document are written, generated at build time: no reflection, so NativeAOT can do it.
/// </summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(IngestSetup))]
[JsonSerializable(typeof(IngestResult))]
internal sealed partial class IngestJson : JsonSerializerContext;
