using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.FlowAnalysis;
using Microsoft.CodeAnalysis.Operations;
using NvmeGpu.Analyzers.Contracts;

namespace NvmeGpu.Analyzers.Flow;

/// <summary>
/// What one run over one graph shares: the objects, hand-overs and conditions by their place in the source,
/// and what holds for the whole body.
/// </summary>
internal sealed class FlowContext : IInitialValues
{
    private const int ConditionDepthMax = 8;

    private readonly Dictionary<(MemoryObjectKind, object), MemoryObject> _objects = [];
    private readonly Dictionary<(SyntaxNode, ISymbol), Flight> _flights = [];
    private readonly Dictionary<string, Condition> _conditions = [];
    private readonly HashSet<ISymbol> _captured = new(SymbolEqualityComparer.Default);
    private readonly HashSet<ISymbol> _written = new(SymbolEqualityComparer.Default);

    public FlowContext(ControlFlowGraph graph, ISymbol method, FlowTypes types, ContractSymbols contracts)
    {
        Method = method;
        Types = types;
        Contracts = contracts;
        Reach = new RingReach(contracts);
        foreach (IOperation operation in graph.OriginalOperation.DescendantsAndSelf())
        {
            Look(operation);
        }
        foreach (BasicBlock block in graph.Blocks)
        {
            foreach (IOperation operation in block.Operations.SelectMany(one => one.DescendantsAndSelf()))
            {
                LookForTarget(operation);
            }
        }
    }

    public ISymbol Method { get; }

    public FlowTypes Types { get; }

    public ContractSymbols Contracts { get; }

    public RingReach Reach { get; }

    /// <summary>The type makes a ring whose entries the kernel takes by itself, in its own time.</summary>
    public bool IsPolledBySubmissionThread => Types.NamesSubmissionPolling(Method.ContainingType);

    /// <summary>Compiler's temporaries that stand for a place that is written.</summary>
    public HashSet<CaptureId> Targets { get; } = [];

    /// <summary>Locals whose value is used, so that keeping a result in them observes it.</summary>
    public HashSet<ISymbol> Read { get; } = new(SymbolEqualityComparer.Default);

    public MemoryObject Object(MemoryObjectKind kind, ISymbol symbol) => Object(kind, symbol, symbol, null);

    public MemoryObject Object(MemoryObjectKind kind, SyntaxNode origin) =>
        Object(kind, origin, null, origin);

    public Flight Flight(SyntaxNode site, ISymbol target, Retention until)
    {
        if (!_flights.TryGetValue((site, target), out Flight? flight))
        {
            _flights[(site, target)] = flight = new Flight(site, target, until);
        }
        return flight;
    }

    /// <summary>
    /// A symbol of this very body that no lambda and no local function sees.
    /// </summary>
    public bool IsTracked(ISymbol symbol) => symbol switch
    {
        IFieldSymbol { IsConst: false } field =>
            SymbolEqualityComparer.Default.Equals(field.ContainingType, Method.ContainingType),
        ILocalSymbol or IParameterSymbol => !_captured.Contains(symbol),
        _ => false,
    };

    public FlowValue? Of(object symbol) => symbol switch
    {
        IParameterSymbol parameter => IsTracked(parameter) && Types.LeadsToMemory(parameter.Type)
            ? FlowValue.Of(Object(MemoryObjectKind.Parameter, parameter))
            : FlowValue.Unknown,
        IFieldSymbol field => IsTracked(field) && Types.LeadsToMemory(field.Type)
            ? FlowValue.Of(Object(MemoryObjectKind.Field, field))
            : FlowValue.Unknown,
        _ => null,
    };

    /// <summary>The condition, when it is one over locals, parameters and constants.</summary>
    public Condition? ConditionOf(IOperation operation)
    {
        var symbols = new HashSet<ISymbol>(SymbolEqualityComparer.Default);
        if (!IsSimple(operation, symbols, ConditionDepthMax) || symbols.Count == 0)
        {
            return null;
        }
        string text = operation.Syntax.ToString();
        if (!_conditions.TryGetValue(text, out Condition? condition))
        {
            bool isIndependent =
                symbols.All(symbol => symbol is IParameterSymbol && !_written.Contains(symbol));
            _conditions[text] = condition = new Condition(text, [.. symbols], isIndependent);
        }
        return symbols.SetEquals(condition.Symbols) ? condition : null;
    }

    /// <summary>The condition that is just this local.</summary>
    public Condition ConditionOf(ILocalSymbol local)
    {
        if (!_conditions.TryGetValue(local.Name, out Condition? condition)
            || !SymbolEqualityComparer.Default.Equals(condition.Symbols[0], local))
        {
            _conditions[local.Name] = condition = new Condition(local.Name, [local], isIndependent: false);
        }
        return condition;
    }

    private bool IsSimple(IOperation operation, HashSet<ISymbol> symbols, int depth)
    {
        if (depth == 0)
        {
            return false;
        }
        switch (operation)
        {
            case { ConstantValue.HasValue: true }:
                return true;
            case ILocalReferenceOperation { Local: { IsRef: false } local } when IsTracked(local):
                symbols.Add(local);
                return true;
            case IParameterReferenceOperation { Parameter: { RefKind: RefKind.None } parameter }
                when IsTracked(parameter):
                symbols.Add(parameter);
                return true;
            case IBinaryOperation or IUnaryOperation or IConversionOperation or IIsPatternOperation
                or IConstantPatternOperation or INegatedPatternOperation or IRelationalPatternOperation:
                foreach (IOperation child in operation.ChildOperations)
                {
                    if (!IsSimple(child, symbols, depth - 1))
                    {
                        return false;
                    }
                }
                return true;
            default:
                return false;
        }
    }

    private MemoryObject Object(MemoryObjectKind kind, object key, ISymbol? symbol, SyntaxNode? origin)
    {
        if (!_objects.TryGetValue((kind, key), out MemoryObject? known))
        {
            _objects[(kind, key)] = known = new MemoryObject(kind, symbol, origin);
        }
        return known;
    }

    private void Look(IOperation operation)
    {
        switch (operation)
        {
            case ILocalReferenceOperation { Local: var local }:
                Look(operation, local);
                break;
            case IParameterReferenceOperation { Parameter: var parameter }:
                Look(operation, parameter);
                break;
        }
    }

    private void LookForTarget(IOperation operation)
    {
        IOperation? target = operation switch
        {
            IAssignmentOperation assignment => assignment.Target,
            IIncrementOrDecrementOperation step => step.Target,
            IAddressOfOperation addressOf => addressOf.Reference,
            IArgumentOperation { Parameter.RefKind: not RefKind.None } argument => argument.Value,
            _ => null,
        };
        while (target is IFieldReferenceOperation { Instance: { } instance })
        {
            target = instance;
        }
        if (target is IFlowCaptureReferenceOperation { Id: var id })
        {
            Targets.Add(id);
        }
    }

    private void Look(IOperation reference, ISymbol symbol)
    {
        bool isWritten = reference.Parent switch
        {
            IAssignmentOperation assignment => assignment.Target == reference,
            IIncrementOrDecrementOperation or IAddressOfOperation or ITupleOperation => true,
            IArgumentOperation { Parameter.RefKind: RefKind.Ref or RefKind.Out } => true,
            IVariableInitializerOperation { Parent: IVariableDeclaratorOperation { Symbol.IsRef: true } } =>
                true,
            _ => false,
        };
        if (isWritten)
        {
            _written.Add(symbol);
        }
        if (reference.Parent is not ISimpleAssignmentOperation simple || simple.Target != reference)
        {
            Read.Add(symbol);
        }
        if (!SymbolEqualityComparer.Default.Equals(symbol.ContainingSymbol, Method) || IsInNested(reference))
        {
            _captured.Add(symbol);
        }
    }

    /// <summary>Stands in a lambda or local function of the body, or the body itself is one of
    /// those.</summary>
    private bool IsInNested(IOperation reference)
    {
        for (IOperation? parent = reference.Parent; parent is not null; parent = parent.Parent)
        {
            IMethodSymbol? nested = parent switch
            {
                IAnonymousFunctionOperation lambda => lambda.Symbol,
                ILocalFunctionOperation local => local.Symbol,
                _ => null,
            };
            if (nested is not null)
            {
                return !SymbolEqualityComparer.Default.Equals(nested, Method);
            }
        }
        return false;
    }
}
