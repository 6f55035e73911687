using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace NvmeGpu.Consumer.Tests;

/// <summary>A type that is not nested, as the metadata of a built assembly has it; nothing is
/// loaded.</summary>
internal sealed record TypeInAssembly(string Namespace, string Name, bool IsPublic, bool IsHiddenFromFriends)
{
    public string FullName => $"{Namespace}.{Name}";

    public static IReadOnlyList<TypeInAssembly> AllOf(string path)
    {
        using var file = new PEReader(File.OpenRead(path));
        MetadataReader metadata = file.GetMetadataReader();
        return
        [
            .. metadata.TypeDefinitions.Select(metadata.GetTypeDefinition)
                .Where(type => !type.IsNested)
                .Select(type => new TypeInAssembly(
                    metadata.GetString(type.Namespace),
                    metadata.GetString(type.Name),
                    (type.Attributes & TypeAttributes.VisibilityMask) == TypeAttributes.Public,
                    type.GetCustomAttributes().Any(handle => IsEmbedded(metadata, handle)))),
        ];
    }

    // The attribute is compiled into the assembly itself: its constructor is a definition there.
    private static bool IsEmbedded(MetadataReader metadata, CustomAttributeHandle handle)
    {
        EntityHandle constructor = metadata.GetCustomAttribute(handle).Constructor;
        if (constructor.Kind != HandleKind.MethodDefinition)
        {
            return false;
        }
        TypeDefinition type = metadata.GetTypeDefinition(
            metadata.GetMethodDefinition((MethodDefinitionHandle)constructor).GetDeclaringType());
        return metadata.GetString(type.Namespace) == "Microsoft.CodeAnalysis"
            && metadata.GetString(type.Name) == "EmbeddedAttribute";
    }
}
