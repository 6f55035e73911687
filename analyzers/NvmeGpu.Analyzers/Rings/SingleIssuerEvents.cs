using System.Collections.Generic;
using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using NvmeGpu.Analyzers.Paths;
using NvmeGpu.Analyzers.Provenance;

namespace NvmeGpu.Analyzers.Rings;

/// <summary>
/// All that a method does with rings of one thread: NvmeGpu.IoUring, and raw rings that are made with
/// IORING_SETUP_SINGLE_ISSUER in this method. By syntax, because a control flow graph has operations of its
/// own.
/// </summary>
internal sealed class SingleIssuerEvents
{
    private readonly Dictionary<SyntaxNode, RingEvent> _events = [];
    private readonly Dictionary<ISymbol, FlagBits?> _rawRings = new(SymbolEqualityComparer.Default);

    private SingleIssuerEvents()
    {
    }

    /// <summary>
    /// Lambdas and local functions that another thread will run, by the syntax that hands them over.
    /// </summary>
    public Dictionary<SyntaxNode, IOperation> OnOtherThreads { get; } = [];

    public static bool IsOfInterest(IOperation operation) => operation switch
    {
        IInvocationOperation { TargetMethod: { IsStatic: false } method } =>
            RingIdentity.IsOwnedRing(method.ContainingType),
        _ => RingCall.TryFrom(operation, out _),
    };

    public static SingleIssuerEvents Read(ImmutableArray<IOperation> blocks)
    {
        var events = new SingleIssuerEvents();
        foreach (IOperation block in blocks)
        {
            foreach (IOperation operation in block.Parts())
            {
                events.Add(operation);
            }
        }
        return events;
    }

    public bool TryGet(IOperation operation, out RingEvent happening)
    {
        happening = default;
        return operation is IInvocationOperation or ISimpleAssignmentOperation
                or IFunctionPointerInvocationOperation
            && _events.TryGetValue(operation.Syntax, out happening);
    }

    /// <summary>The uses inside a lambda or local function of rings that it does not make itself.</summary>
    public IEnumerable<(SyntaxNode Use, ISymbol Ring)> UsesIn(IOperation function)
    {
        var made = new HashSet<ISymbol>(SymbolEqualityComparer.Default);
        var uses = new List<(SyntaxNode, ISymbol)>();
        foreach (IOperation operation in function.DescendantsAndSelf())
        {
            if (!_events.TryGetValue(operation.Syntax, out RingEvent happening))
            {
                continue;
            }
            if (happening.Kind is RingEventKind.Made or RingEventKind.Assigned)
            {
                made.Add(happening.Ring);
            }
            else if (operation is IInvocationOperation or IFunctionPointerInvocationOperation)
            {
                uses.Add((operation.Syntax, happening.Ring));
            }
        }
        uses.RemoveAll(use => made.Contains(use.Item2));
        return uses;
    }

    private void Add(IOperation operation)
    {
        switch (operation)
        {
            case IVariableDeclaratorOperation { Symbol: var local } declarator
                when RingIdentity.IsOwnedRing(local.Type)
                    && declarator.GetVariableInitializer()?.Value is { } initial:
                AddAssignment(operation, local, initial);
                break;
            case ISimpleAssignmentOperation assignment when RingIdentity.IsOwnedRing(assignment.Target.Type):
                if (RingIdentity.Of(assignment.Target) is { } target)
                {
                    AddAssignment(operation, target, assignment.Value);
                }
                break;
            case IInvocationOperation { Instance: { } instance } call
                when RingIdentity.IsOwnedRing(call.TargetMethod.ContainingType):
                if (!IsForAnyThread(call.TargetMethod) && RingIdentity.Of(instance) is { } used)
                {
                    _events[call.Syntax] = new RingEvent(
                        call.TargetMethod.Name is "Register" or "Unregister"
                            ? RingEventKind.UsedUnbound
                            : RingEventKind.Used,
                        used);
                }
                break;
            case IInvocationOperation or IFunctionPointerInvocationOperation:
                AddRaw(operation);
                break;
        }
        if (OtherThreads.FunctionRunByOther(operation) is { } function)
        {
            OnOtherThreads[operation.Syntax] = function;
        }
    }

    private void AddAssignment(IOperation operation, ISymbol ring, IOperation value)
    {
        bool isOfThisThread = OwnedRingOptions.FlagsOf(value.WithoutConversions())
            is { } flags && (flags.Possible & RingFlags.Disabled) == 0;
        _events[operation.Syntax] =
            new RingEvent(isOfThisThread ? RingEventKind.Made : RingEventKind.Assigned, ring);
    }

    private void AddRaw(IOperation operation)
    {
        if (!RingCall.TryFrom(operation, out RingCall call) || call.Name == "io_uring_queue_exit"
            || RingIdentity.Of(call.Ring) is not { } ring)
        {
            return;
        }
        if (!_rawRings.TryGetValue(ring, out FlagBits? flags))
        {
            flags = RingMaking.FlagsOf(ring, operation);
            _rawRings.Add(ring, flags);
        }
        if (flags is not { } known || (known.Certain & RingFlags.SingleIssuer) == 0)
        {
            return;
        }
        bool mayBeDisabled = (known.Possible & RingFlags.Disabled) != 0;
        RingEventKind kind = call.Name switch
        {
            "io_uring_queue_init" or "io_uring_queue_init_params" or "io_uring_queue_init_mem" =>
                mayBeDisabled ? RingEventKind.Assigned : RingEventKind.Made,
            "io_uring_enable_rings" => RingEventKind.Made,
            _ => RingEventKind.UsedUnbound,
        };
        _events[operation.Syntax] = new RingEvent(kind, ring);
    }

    /// <summary>Dispose posts to the ring's thread; object's own methods look at nothing.</summary>
    private static bool IsForAnyThread(IMethodSymbol method) =>
        method.Name is "Dispose" or "ToString" or "GetHashCode" or "Equals" or "GetType" or "ReferenceEquals"
        || method.MethodKind is MethodKind.PropertyGet or MethodKind.PropertySet;
}
