using System;
using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace NvmeGpu.Analyzers.Rings;

/// <summary>
/// A call of a C function <c>io_uring_*</c>, whoever declares it: our bindings, a field that holds a function
/// pointer, or a consumer's own import.
/// </summary>
internal readonly struct RingCall
{
    private const string Prefix = "io_uring_";

    private readonly ImmutableArray<IArgumentOperation> _arguments;

    private RingCall(string name, ImmutableArray<IArgumentOperation> arguments)
    {
        Name = name;
        _arguments = arguments;
    }

    public string Name { get; }

    /// <summary>
    /// The value for the parameter of type <c>io_uring*</c>; null for functions on entries.
    /// </summary>
    public IOperation? Ring
    {
        get
        {
            foreach (IArgumentOperation argument in _arguments)
            {
                if (IsRing(argument.Parameter?.Type) || IsRing(argument.Value.Type))
                {
                    return argument.Value;
                }
            }
            return null;
        }
    }

    public static bool TryFrom(IOperation operation, out RingCall call)
    {
        switch (operation)
        {
            case IInvocationOperation invocation when IsName(invocation.TargetMethod.Name):
                call = new RingCall(invocation.TargetMethod.Name, invocation.Arguments);
                return true;
            case IFunctionPointerInvocationOperation
            {
                Target: IFieldReferenceOperation { Field: var field },
            } indirect when IsName(field.Name):
                call = new RingCall(field.Name, indirect.Arguments);
                return true;
            default:
                call = default;
                return false;
        }
    }

    /// <summary>The value of the argument in that place of the C declaration, or null.</summary>
    public IOperation? Argument(int ordinal)
    {
        for (int i = 0; i < _arguments.Length; i++)
        {
            if ((_arguments[i].Parameter?.Ordinal ?? i) == ordinal)
            {
                return _arguments[i].Value;
            }
        }
        return null;
    }

    /// <summary>A ring, or a pointer to one.</summary>
    public static bool IsRing(ITypeSymbol? type) => type switch
    {
        IPointerTypeSymbol { PointedAtType: { Name: "io_uring", TypeKind: TypeKind.Struct } } => true,
        { Name: "io_uring", TypeKind: TypeKind.Struct } => true,
        _ => false,
    };

    private static bool IsName(string name) => name.StartsWith(Prefix, StringComparison.Ordinal);
}
