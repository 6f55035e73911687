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
/// What one run over one graph shares: the variables, objects, hand-overs and conditions by their place in
/// the source, and what holds for the whole body.
/// </summary>
internal sealed class FlowContext
{
    private const int ConditionDepthMax = 8;

    private readonly Dictionary<(MemoryObjectKind, object), MemoryObject> _objects = [];
    private readonly Dictionary<(SyntaxNode, ISymbol), Flight> _flights = [];
    private readonly Dictionary<string, Condition> _conditions = [];
    private readonly Dictionary<IOperation, Condition?> _conditionOf = [];
    private readonly HashSet<ISymbol> _captured = new(SymbolEqualityComparer.Default);
    private readonly HashSet<ISymbol> _written = new(SymbolEqualityComparer.Default);

    // A symbol is mostly asked for by the same instance, which is cheaper to find than an equal one.
    private readonly Dictionary<ISymbol, Variable> _variableOfInstance = new(SameInstance.Comparer);
    private readonly Dictionary<ISymbol, Variable> _variableOfSymbol = new(SymbolEqualityComparer.Default);
    private readonly Dictionary<CaptureId, Variable> _variableOfCapture = [];

    private readonly List<Variable> _variables = [];
    private readonly List<MemoryObject> _allObjects = [];
    private readonly List<Flight> _allFlights = [];
    private int _independentCount;
    private int _dependentCount;

    public FlowContext(ControlFlowGraph graph, ISymbol method, FlowTypes types, ContractSymbols contracts)
    {
        Method = method;
        Types = types;
        Contracts = contracts;
        Look(graph.OriginalOperation, IsInNested(graph.OriginalOperation));
        foreach (BasicBlock block in graph.Blocks)
        {
            foreach (IOperation operation in block.Operations)
            {
                if (operation is IFlowCaptureOperation)
                {
                    LookForTargets(graph);
                    return;
                }
            }
        }
    }

    public ISymbol Method { get; }

    public FlowTypes Types { get; }

    public ContractSymbols Contracts { get; }

    /// <summary>The type makes a ring whose entries the kernel takes by itself, in its own time.</summary>
    public bool IsPolledBySubmissionThread => Types.NamesSubmissionPolling(Method.ContainingType);

    /// <summary>Compiler's temporaries that stand for a place that is written.</summary>
    public HashSet<CaptureId> Targets { get; } = [];

    /// <summary>Locals whose value is used, so that keeping a result in them observes it.</summary>
    public HashSet<ISymbol> Read { get; } = new(SymbolEqualityComparer.Default);

    public int VariableCount => _variables.Count;

    public int ObjectCount => _allObjects.Count;

    /// <summary>The hand-overs that the kernel is done with once it has read the entry.</summary>
    public FlightSet UntilSubmit { get; private set; }

    public Variable VariableAt(int index) => _variables[index];

    public MemoryObject ObjectAt(int index) => _allObjects[index];

    public MemoryObject Object(MemoryObjectKind kind, ISymbol symbol) => Object(kind, symbol, symbol, null);

    public MemoryObject Object(MemoryObjectKind kind, SyntaxNode origin) =>
        Object(kind, origin, null, origin);

    public Variable VariableOf(ISymbol symbol)
    {
        if (!_variableOfInstance.TryGetValue(symbol, out Variable? variable))
        {
            if (!_variableOfSymbol.TryGetValue(symbol, out variable))
            {
                _variableOfSymbol[symbol] = variable = Make(symbol);
            }
            _variableOfInstance[symbol] = variable;
        }
        return variable;
    }

    public Variable VariableOf(CaptureId temporary)
    {
        if (!_variableOfCapture.TryGetValue(temporary, out Variable? variable))
        {
            variable = new Variable(null, _variables.Count, isTracked: true, null, null);
            _variables.Add(variable);
            _variableOfCapture[temporary] = variable;
        }
        return variable;
    }

    /// <exception cref="BudgetSpentException">There are more hand-overs than a state has room
    /// for.</exception>
    public Flight Flight(SyntaxNode site, ISymbol target, Retention until)
    {
        if (!_flights.TryGetValue((site, target), out Flight? flight))
        {
            if (_allFlights.Count == FlightSet.FlightsMax)
            {
                throw new BudgetSpentException();
            }
            flight = new Flight(site, target, until, _allFlights.Count);
            _flights[(site, target)] = flight;
            _allFlights.Add(flight);
            if (until == Retention.Submit)
            {
                UntilSubmit = UntilSubmit.Union(FlightSet.Of(flight));
            }
        }
        return flight;
    }

    /// <summary>In the order in which they were first seen.</summary>
    public IEnumerable<Flight> FlightsIn(FlightSet set)
    {
        if (!set.IsEmpty)
        {
            foreach (Flight flight in _allFlights)
            {
                if (set.Contains(flight))
                {
                    yield return flight;
                }
            }
        }
    }

    /// <summary>The condition, when it is one over locals, parameters and constants.</summary>
    public Condition? ConditionOf(IOperation operation)
    {
        if (!_conditionOf.TryGetValue(operation, out Condition? condition))
        {
            _conditionOf[operation] = condition = MakeCondition(operation);
        }
        return condition;
    }

    /// <summary>The condition that is just this local.</summary>
    public Condition ConditionOf(ILocalSymbol local)
    {
        if (!_conditions.TryGetValue(local.Name, out Condition? condition)
            || !SymbolEqualityComparer.Default.Equals(condition.Symbols[0], local))
        {
            _conditions[local.Name] = condition = Make([local], isIndependent: false);
        }
        return condition;
    }

    private Condition? MakeCondition(IOperation operation)
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
            _conditions[text] = condition = Make([.. symbols], isIndependent);
        }
        return symbols.SetEquals(condition.Symbols) ? condition : null;
    }

    private Condition Make(ImmutableArray<ISymbol> symbols, bool isIndependent)
    {
        var condition = new Condition(
            symbols, isIndependent ? _independentCount++ : _dependentCount++, isIndependent);
        foreach (ISymbol symbol in symbols)
        {
            VariableOf(symbol).Conditions |= condition.Bit;
        }
        return condition;
    }

    private Variable Make(ISymbol symbol)
    {
        bool isTracked = symbol switch
        {
            IFieldSymbol { IsConst: false } field =>
                SymbolEqualityComparer.Default.Equals(field.ContainingType, Method.ContainingType),
            ILocalSymbol or IParameterSymbol => !_captured.Contains(symbol),
            _ => false,
        };
        MemoryObject? onStack = symbol is ILocalSymbol or IParameterSymbol
            ? Object(MemoryObjectKind.StackLocal, symbol) : null;
        FlowValue? initial = symbol switch
        {
            IParameterSymbol parameter => isTracked && Types.LeadsToMemory(parameter.Type)
                ? Object(MemoryObjectKind.Parameter, parameter).Value : FlowValue.Unknown,
            IFieldSymbol field => isTracked && Types.LeadsToMemory(field.Type)
                ? Object(MemoryObjectKind.Field, field).Value : FlowValue.Unknown,
            _ => null,
        };
        var variable = new Variable(symbol, _variables.Count, isTracked, onStack, initial);
        _variables.Add(variable);
        return variable;
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
            case ILocalReferenceOperation { Local: { IsRef: false } local } when VariableOf(local).IsTracked:
                symbols.Add(local);
                return true;
            case IParameterReferenceOperation { Parameter: { RefKind: RefKind.None } parameter }
                when VariableOf(parameter).IsTracked:
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
            _objects[(kind, key)] = known = new MemoryObject(kind, symbol, origin, _allObjects.Count);
            _allObjects.Add(known);
        }
        return known;
    }

    private void Look(IOperation body, bool isInNested)
    {
        var open = new Stack<(IOperation Operation, bool IsNested)>();
        open.Push((body, isInNested));
        while (open.Count > 0)
        {
            (IOperation operation, bool isNested) = open.Pop();
            switch (operation)
            {
                case ILocalReferenceOperation { Local: var local }:
                    Look(operation, local, isNested);
                    break;
                case IParameterReferenceOperation { Parameter: var parameter }:
                    Look(operation, parameter, isNested);
                    break;
                case IAnonymousFunctionOperation { Symbol: var lambda }:
                    isNested = !SymbolEqualityComparer.Default.Equals(lambda, Method);
                    break;
                case ILocalFunctionOperation { Symbol: var function }:
                    isNested = !SymbolEqualityComparer.Default.Equals(function, Method);
                    break;
            }
            foreach (IOperation child in operation.ChildOperations)
            {
                open.Push((child, isNested));
            }
        }
    }

    private void LookForTargets(ControlFlowGraph graph)
    {
        foreach (BasicBlock block in graph.Blocks)
        {
            foreach (IOperation operation in block.Operations.SelectMany(one => one.DescendantsAndSelf()))
            {
                LookForTarget(operation);
            }
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

    private void Look(IOperation reference, ISymbol symbol, bool isNested)
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
        if (isNested || !SymbolEqualityComparer.Default.Equals(symbol.ContainingSymbol, Method))
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
