using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using NvmeGpu.BindingsOnDemand.Lists;

namespace NvmeGpu.BindingsOnDemand.Compiling;

/// <summary>
/// Looks up what the compilation has already. This runs on every edit of the project, so it asks for names
/// and syntax only: no type is bound, and of classes only the member names are taken.
/// </summary>
internal static class FactsReader
{
    private const string Embedded = "Microsoft.CodeAnalysis.EmbeddedAttribute";

    public static CompilationFacts Read(
        Compilation compilation, Wanted wanted, CancellationToken cancellation)
    {
        if (wanted.IsNothing)
        {
            return CompilationFacts.Nothing;
        }
        INamespaceSymbol? ours = Namespace(compilation.GlobalNamespace, "NvmeGpu");
        INamespaceSymbol? bindings = Namespace(ours, "Bindings");
        var types = new List<string>();
        foreach (string name in wanted.Types)
        {
            cancellation.ThrowIfCancellationRequested();
            if (HasType(compilation, bindings, name))
            {
                types.Add(name);
            }
        }
        var containers = new List<ContainerFacts>();
        foreach (WantedMembers members in wanted.Members)
        {
            containers.Add(Container(compilation, bindings, members));
        }
        return new CompilationFacts(
            new EquatableArray<string>([.. types]),
            new EquatableArray<ContainerFacts>([.. containers]),
            HasEmbedded: compilation.Assembly.GetTypeByMetadataName(Embedded) is not null,
            HasNativeAttributes: HasType(compilation, bindings, "NativeTypeNameAttribute"),
            HasContracts: HasType(compilation, Namespace(ours, "Contracts"), "KernelRetainsAttribute"));
    }

    // The global namespace of the compilation leaves out what is referenced under an alias only, as the code
    // does.
    private static INamespaceSymbol? Namespace(INamespaceSymbol? parent, string name) =>
        parent?.GetMembers(name).OfType<INamespaceSymbol>().FirstOrDefault();

    private static bool HasType(Compilation compilation, INamespaceSymbol? space, string name)
    {
        foreach (INamedTypeSymbol type in Types(space, name))
        {
            if (IsOwn(type, compilation) ? IsWholeDefinition(type) : IsVisible(type, compilation))
            {
                return true;
            }
        }
        return false;
    }

    private static ContainerFacts Container(
        Compilation compilation, INamespaceSymbol? bindings, WantedMembers wanted)
    {
        var visible = new List<INamedTypeSymbol>();
        foreach (INamedTypeSymbol type in Types(bindings, wanted.Container))
        {
            if (!IsOwn(type, compilation))
            {
                if (IsVisible(type, compilation))
                {
                    visible.Add(type);
                }
                continue;
            }
            return new ContainerFacts(
                wanted.Container,
                ContainerPlace.Source,
                "",
                Parts(type).Any(part => part.ParameterList is not null),
                Parts(type).Any(HasAccessibility),
                Having([type], wanted));
        }
        return visible.Count == 0
            ? ContainerFacts.Nowhere(wanted.Container)
            : new ContainerFacts(
                wanted.Container,
                ContainerPlace.Reference,
                visible[0].ContainingAssembly.Name,
                false,
                false,
                Having(visible, wanted));
    }

    private static EquatableArray<string> Having(List<INamedTypeSymbol> types, WantedMembers wanted)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (INamedTypeSymbol type in types)
        {
            names.UnionWith(type.MemberNames);
        }
        return wanted.Members.Where(names.Contains).ToEquatableArray();
    }

    private static ImmutableArray<INamedTypeSymbol> Types(INamespaceSymbol? space, string name) =>
        space is null ? [] : space.GetTypeMembers(name, arity: 0);

    private static bool IsOwn(INamedTypeSymbol type, Compilation compilation) =>
        SymbolEqualityComparer.Default.Equals(type.ContainingAssembly, compilation.Assembly);

    // Of an assembly that is a friend, internal types are seen too, unless they are hidden as ours are.
    private static bool IsVisible(INamedTypeSymbol type, Compilation compilation) =>
        type.DeclaredAccessibility == Accessibility.Public
            || (type.ContainingAssembly.GivesAccessTo(compilation.Assembly)
                && !type.GetAttributes().Any(
                    attribute => attribute.AttributeClass?.Name == "EmbeddedAttribute"));

    // A part without accessibility is the project's own addition to a type of ours: a definition is still to
    // come.
    private static bool IsWholeDefinition(INamedTypeSymbol type) => type.DeclaringSyntaxReferences.Any(
        reference => reference.GetSyntax() is not TypeDeclarationSyntax part
            || !part.Modifiers.Any(SyntaxKind.PartialKeyword)
            || HasAccessibility(part));

    private static bool HasAccessibility(TypeDeclarationSyntax part) =>
        part.Modifiers.Any(SyntaxKind.PublicKeyword)
            || part.AttributeLists.SelectMany(list => list.Attributes).Any(attribute =>
                attribute.Name.ToString().EndsWith("Embedded", StringComparison.Ordinal));

    private static IEnumerable<TypeDeclarationSyntax> Parts(INamedTypeSymbol type) =>
        type.DeclaringSyntaxReferences.Select(reference => reference.GetSyntax())
            .OfType<TypeDeclarationSyntax>();
}
