using System;
using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using NvmeGpu.Analyzers.Provenance;

namespace NvmeGpu.Analyzers.Flow;

/// <summary>
/// The methods of System that make, pin, pass on, read, write and free memory. What is not known here keeps
/// what it is given, unless it is given a span, which nobody can keep.
/// </summary>
internal sealed partial class Transfer
{
    private FlowValue? CallOfClassLibrary(
        IInvocationOperation call,
        FlowValue instance,
        ImmutableArray<Given> arguments)
    {
        IMethodSymbol method = call.TargetMethod;
        INamedTypeSymbol type = method.ContainingType;
        FlowValue first = arguments.IsEmpty ? FlowValue.Unknown : ByOrdinal(arguments, 0);
        if (Library.IsDispose(method))
        {
            if (!instance.Alternatives.IsEmpty)
            {
                Release(instance, call, call.Instance, isDispose: true);
            }
            return FlowValue.Unknown;
        }
        if (method.Name == "DangerousGetHandle" && call.Instance is { } owner)
        {
            CheckUse(instance, owner);
            return instance;
        }
        if (KnownTypes.Is(type, _known.NativeMemory))
        {
            return OfNativeMemory(call, first, arguments);
        }
        if (KnownTypes.Is(type, _known.Marshal))
        {
            return OfMarshal(call, first, arguments);
        }
        if (KnownTypes.Is(type, _known.ArrayPool))
        {
            switch (method.Name)
            {
                case "Rent":
                    return Make(MemoryObjectKind.Array, call);
                case "Return":
                    Release(first, call, call.Argument(0));
                    return FlowValue.Unknown;
            }
        }
        if (type.Name == "MemoryPool" && method.Name == "Rent")
        {
            return Make(MemoryObjectKind.Owner, call);
        }
        if (KnownTypes.Is(type, _known.GC))
        {
            return method.Name is "AllocateArray" or "AllocateUninitializedArray"
                ? Make(MemoryObjectKind.Array, call)
                : FlowValue.Unknown;
        }
        if (context.Types.IsPin(type))
        {
            return OfHandle(call, instance, first);
        }
        if (_known.IsMemory(type) && method.Name == "Pin")
        {
            CheckUse(instance, call.Instance!);
            return Pinned(instance, call);
        }
        return PassedOn(call, instance, arguments) ?? Read(call, instance, arguments);
    }

    private FlowValue OfNativeMemory(
        IInvocationOperation call, FlowValue first, ImmutableArray<Given> arguments)
    {
        switch (call.TargetMethod.Name)
        {
            case "Alloc" or "AllocZeroed" or "AlignedAlloc":
                return Make(MemoryObjectKind.Native, call);
            case "Free" or "AlignedFree":
                Release(first, call, call.Argument(0));
                return FlowValue.Unknown;
            case "Realloc" or "AlignedRealloc":
                Release(first, call, call.Argument(0));
                return Make(MemoryObjectKind.Native, call);
            default:
                return Read(call, FlowValue.Unknown, arguments);
        }
    }

    private FlowValue OfMarshal(IInvocationOperation call, FlowValue first, ImmutableArray<Given> arguments)
    {
        switch (call.TargetMethod.Name)
        {
            case "AllocHGlobal" or "AllocCoTaskMem":
                return Make(MemoryObjectKind.Native, call);
            case "FreeHGlobal" or "FreeCoTaskMem":
                Release(first, call, call.Argument(0));
                return FlowValue.Unknown;
            case "ReAllocHGlobal" or "ReAllocCoTaskMem":
                Release(first, call, call.Argument(0));
                return Make(MemoryObjectKind.Native, call);
            case "UnsafeAddrOfPinnedArrayElement":
                return first.Moved(Distance(call.Argument(1), null));
            case "Copy":
                Read(call, FlowValue.Unknown, arguments);
                return FlowValue.Unknown;
            case var name when name.StartsWith("Read", StringComparison.Ordinal)
                || name.StartsWith("Write", StringComparison.Ordinal)
                || name.StartsWith("PtrTo", StringComparison.Ordinal):
                return Read(call, FlowValue.Unknown, arguments);
            default:
                return Unknown(arguments);
        }
    }

    private FlowValue OfHandle(IInvocationOperation call, FlowValue instance, FlowValue first)
    {
        switch (call.TargetMethod.Name)
        {
            case "Alloc":
                return Pinned(first, call);
            case "Free":
                Release(instance, call, call.Instance);
                return FlowValue.Unknown;
            case "AddrOfPinnedObject" or "GetAddressOfObjectData" or "GetAddressOfArrayData"
                or "GetAddressOfStringData":
                CheckUse(instance, call.Instance!);
                return instance;
            default:
                return call.Instance is null ? first : instance; // ToIntPtr, FromIntPtr
        }
    }

    private FlowValue Pinned(FlowValue value, IOperation pinning)
    {
        MemoryObject pin = context.Object(MemoryObjectKind.Handle, pinning.Syntax);
        State.MakeAnew(pin);
        return value.PinnedBy(pin);
    }

    /// <summary>Methods that give the same memory in another form; null when it is none of them.</summary>
    private FlowValue? PassedOn(
        IInvocationOperation call, FlowValue instance, ImmutableArray<Given> arguments)
    {
        IMethodSymbol method = call.TargetMethod;
        INamedTypeSymbol type = method.ContainingType;
        if (call.Instance is not null && (_known.IsSpan(type) || _known.IsMemory(type)))
        {
            return method.Name switch
            {
                "Slice" => instance.Moved(
                    arguments.IsEmpty ? null : Distance(call.Argument(0), ElementOf(type), isElement: true)),
                "GetPinnableReference" => instance,
                _ => null,
            };
        }
        if (IsAddress(type))
        {
            return call.Instance is not null ? instance
                : arguments.Length == 1 ? arguments[0].Value
                : arguments.IsEmpty ? FlowValue.Unknown : arguments[0].Value.Moved(null);
        }
        if (method.Name.StartsWith("GetAddressOf", StringComparison.Ordinal) && arguments.Length == 1
            && context.Types.IsPin(arguments[0].Parameter.Type))
        {
            CheckUse(arguments[0].Value, arguments[0].Argument.Value);
            return arguments[0].Value;
        }
        bool isSame = KnownTypes.Is(type, _known.MemoryExtensions) ? method.Name is "AsSpan" or "AsMemory"
            : KnownTypes.Is(type, _known.MemoryMarshal) ? method.Name is "AsBytes" or "Cast" or "GetReference"
                or "GetArrayDataReference" or "CreateSpan" or "CreateReadOnlySpan" or "AsMemory"
            : KnownTypes.Is(type, _known.Unsafe) && method.Name is "AsPointer" or "AsRef" or "As" or "Add"
                or "AddByteOffset" or "Subtract" or "SubtractByteOffset";
        if (!isSame || arguments.IsEmpty)
        {
            return null;
        }
        FlowValue value = ByOrdinal(arguments, 0);
        return arguments.Length == 1 || method.Name.StartsWith("Create", StringComparison.Ordinal) ? value
            : method.Name.StartsWith("As", StringComparison.Ordinal)
                ? value.Moved(
                    Distance(call.Argument(1), (call.Argument(0).Type as IArrayTypeSymbol)?.ElementType
                    ?? ElementOf(call.Argument(0).Type), isElement: true))
            : value.Moved(null);
    }

    /// <summary>Reads or writes the bytes and is done with them, or keeps what it is given.</summary>
    private FlowValue Read(IInvocationOperation call, FlowValue instance, ImmutableArray<Given> arguments)
    {
        IMethodSymbol method = call.TargetMethod;
        if (call.Instance is { } receiver && !instance.Alternatives.IsEmpty)
        {
            if (_known.IsSpan(receiver.Type) || _known.IsMemory(receiver.Type))
            {
                Touch(instance, receiver, isWrite: method.Name is "Clear" or "Fill");
            }
            else
            {
                CheckUse(instance, receiver);
            }
        }
        bool readsMemory = method.ContainingType.Name is "Array" or "Buffer" or "BitConverter" or "Encoding"
            or "Convert" or "Marshal" or "SHA256" or "UTF8Encoding" or "NativeMemory" or "Unsafe"
                or "MemoryMarshal"
            || (method.ContainingType.Name.EndsWith("Stream", StringComparison.Ordinal)
                && method.Name is "Read" or "Write" or "ReadExactly");
        foreach (Given given in arguments)
        {
            ITypeSymbol? type = given.Parameter.Type;
            if (given.Value.Alternatives.IsEmpty)
            {
                EscapeHeld(given.Value.Held);
            }
            // Others note an address as a number, in a list or a dictionary.
            else if (_known.IsSpan(type) || readsMemory || given.Parameter.IsByReference())
            {
                Touch(given.Value, given.Argument.Value, Writes(method, given.Parameter));
                RebindReferenced(given);
            }
            else if (method.Name is not ("KeepAlive" or "ReferenceEquals" or "IsNullOrEmpty"
                or "ThrowIfNull"))
            {
                CheckUse(given.Value, given.Argument.Value);
                Escape(given.Value);
            }
        }
        return FlowValue.Unknown;
    }

    private bool Writes(IMethodSymbol method, IParameterSymbol parameter) =>
        method.Name is "Clear" or "Fill" or "Read" or "ReadExactly"
        || method.Name.StartsWith("InitBlock", StringComparison.Ordinal)
        || (method.Name.StartsWith("Write", StringComparison.Ordinal) && parameter.Ordinal == 0)
        || (parameter.Name.IndexOf("destination", StringComparison.OrdinalIgnoreCase) >= 0
            && !KnownTypes.Is(parameter.Type, _known.ReadOnlySpan))
        || (KnownTypes.Is(parameter.Type, _known.Span) && parameter.Ordinal == 0
            && KnownTypes.Is(method.ContainingType, _known.MemoryExtensions)
            && method.Name is "Sort" or "Reverse");

    private FlowValue Unknown(ImmutableArray<Given> arguments)
    {
        foreach (Given given in arguments)
        {
            Escape(given.Value);
        }
        return FlowValue.Unknown;
    }

    private static FlowValue ByOrdinal(ImmutableArray<Given> arguments, int ordinal)
    {
        foreach (Given given in arguments)
        {
            if (given.Parameter.Ordinal == ordinal)
            {
                return given.Value;
            }
        }
        return FlowValue.Unknown;
    }
}
