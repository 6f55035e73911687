using System.Collections.Generic;
using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using NvmeGpu.Analyzers.Contracts;
using NvmeGpu.Analyzers.Provenance;

namespace NvmeGpu.Analyzers.Flow;

/// <summary>What calls do: first what is known of the class library, then what contracts say.</summary>
internal sealed partial class Transfer
{
    /// <summary>An argument and the value, or the address, that it gives.</summary>
    private readonly struct Given(IArgumentOperation argument, FlowValue value)
    {
        public IArgumentOperation Argument { get; } = argument;

        public IParameterSymbol Parameter { get; } = argument.Parameter!;

        public FlowValue Value { get; } = value;
    }

    private FlowValue Call(IInvocationOperation call)
    {
        FlowValue instance = call.Instance is null ? FlowValue.Unknown : Evaluate(call.Instance);
        ImmutableArray<Given> arguments = Evaluate(call.Arguments);
        IMethodSymbol method = call.TargetMethod;
        MethodTraits traits = context.Types.TraitsOf(method);
        bool completes = traits.Completes;
        if (traits.IsSubmit)
        {
            // An exception of it says that the kernel has nothing.
            FlowState before = State.Copy();
            before.EndAll();
            onThrow(before);
        }
        else if (!completes && !traits.IsBinding)
        {
            onThrow(State);
        }

        FlowValue? known = traits.IsInSystem ? CallOfClassLibrary(call, instance, arguments) : null;
        FlowValue result = known ?? FlowValue.Unknown;
        if (known is null)
        {
            result = CallByContract(call, traits, instance, arguments);
        }
        if (completes || context.Types.Reach.MayWait(call, traits, context.Method.ContainingType))
        {
            State.EndAll();
            ForgetFields(call);
        }
        if (completes)
        {
            onThrow(State);
        }
        if (traits.IsSubmit && IsObserved(call) && !context.IsPolledBySubmissionThread)
        {
            State.EndSubmitted(context.UntilSubmit);
        }
        return result;
    }

    private ImmutableArray<Given> Evaluate(ImmutableArray<IArgumentOperation> arguments)
    {
        ImmutableArray<Given>.Builder given = ImmutableArray.CreateBuilder<Given>();
        foreach (IArgumentOperation argument in arguments)
        {
            bool isPlace = argument.Parameter is { RefKind: not RefKind.None } parameter
                && !context.Types.DescribesMemory(parameter.Type);
            FlowValue value = isPlace ? EvaluatePlace(argument.Value) : Evaluate(argument.Value);
            if (argument.Parameter is not null)
            {
                given.Add(new Given(argument, value));
            }
            else
            {
                Escape(value);
            }
        }
        return given.ToImmutable();
    }

    private FlowValue CallByContract(
        IInvocationOperation call, MethodTraits traits, FlowValue instance, ImmutableArray<Given> arguments)
    {
        IMethodSymbol method = call.TargetMethod;
        bool isLibrary = traits.IsLibrary;
        FollowContracts(arguments, traits);
        if (call.Instance is { } receiver && !instance.Alternatives.IsEmpty)
        {
            if (Library.IsDispose(method) || traits.Releases)
            {
                Release(instance, call, receiver, Library.IsDispose(method));
                return FlowValue.Unknown;
            }
            CheckUse(instance, receiver);
            if (context.Contracts.IsStable(method) || context.Contracts.RegistrationOf(method) is not null
                || method.Name == "DangerousGetHandle")
            {
                return instance;
            }
            if (!isLibrary && !IsReleaseSafe(method.Name))
            {
                Escape(instance);
            }
        }
        if (isLibrary && method.Name == "mmap")
        {
            return Make(MemoryObjectKind.Native, call);
        }
        if (isLibrary && method.Name == "munmap" && arguments.Length > 0
            && !context.Contracts.Releases(arguments[0].Parameter))
        {
            Release(arguments[0].Value, call, arguments[0].Argument.Value);
        }
        return context.Types.IsOwner(call.Type) && method.IsStatic ? MakeOwner(call) : FlowValue.Unknown;
    }

    private void FollowContracts(ImmutableArray<Given> arguments, MethodTraits traits)
    {
        foreach (Given given in arguments)
        {
            if (traits.MakesRing)
            {
                Renew(given.Value);
            }
            if (context.Contracts.RetainsOf(given.Parameter) is { } contract)
            {
                CheckUse(given.Value, given.Argument.Value);
                IOperation? length = ContractSite.TryFromArgument(given.Argument, out ContractSite site)
                    ? site.Sibling(contract.Length) : null;
                Begin(
                    given.Value,
                    FlightOf(given.Argument.Value, given.Parameter, contract, given.Value, length));
            }
            else if (IsPartOfMore(given.Argument.Value))
            {
                continue; // `&shard->Ring`: what is closed is not the memory that the rest lives in
            }
            else if (context.Contracts.Releases(given.Parameter))
            {
                Release(given.Value, given.Argument.Parent ?? given.Argument, given.Argument.Value);
            }
            else if (context.Contracts.Transfers(given.Parameter))
            {
                CheckUse(given.Value, given.Argument.Value);
                foreach (Alternative one in given.Value.Alternatives)
                {
                    State.Set(one.Front, State.Of(one.Front).End()
                        .Release(given.Argument.Syntax, State.Path));
                }
            }
            else
            {
                CheckUse(given.Value, given.Argument.Value);
                if (!traits.IsLibrary)
                {
                    Escape(given.Value);
                }
            }
            NotePassed(given);
            RebindReferenced(given);
        }
    }

    private static bool IsPartOfMore(IOperation value) =>
        value.WithoutConversions() is IAddressOfOperation
        {
            Reference: IFieldReferenceOperation { Instance: not null and not IInstanceReferenceOperation },
        };

    /// <summary>A ring that was closed may be made anew in the same struct.</summary>
    private void Renew(FlowValue value)
    {
        foreach (Alternative one in value.Alternatives)
        {
            if (State.Of(one.Front).Released is not null && IsClosedRing(value))
            {
                State.Set(one.Front, ObjectState.NewlyOwned(State.Path));
                State.TakeBack(one.Front.Symbol);
            }
        }
    }

    /// <summary>A parameter of the method that goes straight on to one with a contract that it
    /// lacks.</summary>
    private void NotePassed(Given given)
    {
        if (!given.Value.IsCertain
            || given.Value.Alternatives[0].Objects.Length != 1
            || given.Value.Alternatives[0].Front is not
            {
                Kind: MemoryObjectKind.Parameter,
                Symbol: IParameterSymbol { Type.IsReferenceType: false } own
            } memory
            || State.Of(memory).IsEscaped)
        {
            return;
        }
        if (context.Contracts.Releases(given.Parameter) && !context.Contracts.Releases(own))
        {
            State.Pass(own, given.Argument.Syntax, given.Parameter, "Releases");
        }
        else if (context.Contracts.IsPageLocked(given.Parameter) && !context.Contracts.IsPageLocked(own))
        {
            State.Pass(own, given.Argument.Syntax, given.Parameter, "PageLocked");
        }
    }

    /// <summary>A local whose address was given may have another value now.</summary>
    private void RebindReferenced(Given given)
    {
        foreach (Alternative one in given.Value.Alternatives)
        {
            if (one.Front is { Kind: MemoryObjectKind.StackLocal, Symbol: ILocalSymbol local }
                && given.Parameter.RefKind != RefKind.In
                    && context.Contracts.RetainsOf(given.Parameter) is null)
            {
                FlowValue value = context.Types.LeadsToMemory(local.Type)
                    ? MakeUnseen(given.Argument.Value, local.Type)
                    : FlowValue.Unknown;
                State.Forget(context.VariableOf(local));
                State.Bind(context.VariableOf(local), value);
            }
        }
    }

    /// <summary>A field of the bindings that holds the function carries its contract.</summary>
    private FlowValue CallPointer(IFunctionPointerInvocationOperation call)
    {
        ISymbol? field = (call.Target as IFieldReferenceOperation)?.Field;
        Evaluate(call.Target);
        foreach (IArgumentOperation argument in call.Arguments)
        {
            FlowValue value = Evaluate(argument.Value);
            CheckUse(value, argument.Value);
            if (field is null || !Library.IsBinding(field))
            {
                Escape(value);
            }
        }
        if (field is not null && context.Contracts.Completes(field))
        {
            State.EndAll();
        }
        return FlowValue.Unknown;
    }

    private FlowValue Create(IObjectCreationOperation creation)
    {
        ImmutableArray<Given> arguments = Evaluate(creation.Arguments);
        onThrow(State);
        if (_known.IsSpan(creation.Type) || _known.IsMemory(creation.Type) || IsAddress(creation.Type))
        {
            return arguments.Length == 0 ? FlowValue.Unknown
                : arguments.Length == 3 ? arguments[0].Value.Moved(Distance(
                    creation.Arguments[1].Value, ElementOf(creation.Type), isElement: true))
                : arguments[0].Value;
        }
        if (KnownTypes.Is(creation.Type, _known.PinnedGCHandle) && arguments.Length > 0)
        {
            MemoryObject pin = context.Object(MemoryObjectKind.Handle, creation.Syntax);
            State.MakeAnew(pin);
            return arguments[0].Value.PinnedBy(pin);
        }
        if (creation.Constructor is { } constructor)
        {
            FollowContracts(arguments, context.Types.TraitsOf(constructor));
        }
        if (context.Types.Reach.MayWait(creation))
        {
            State.EndAll();
        }
        return context.Types.IsOwner(creation.Type) ? MakeOwner(creation) : FlowValue.Unknown;
    }

    private FlowValue OfProperty(IPropertyReferenceOperation property)
    {
        if (property is { Property.IsIndexer: true, Instance: { } span, Arguments.Length: 1 }
            && _known.IsSpan(span.Type))
        {
            Touch(EvaluatePlace(property), property, isWrite: false);
            return FlowValue.Unknown;
        }
        FlowValue instance = property.Instance is null or IInstanceReferenceOperation
            ? FlowValue.Unknown : Evaluate(property.Instance);
        foreach (IArgumentOperation argument in property.Arguments)
        {
            Escape(Evaluate(argument.Value));
        }
        if (instance.Alternatives.IsEmpty || IsReleaseSafe(property.Property.Name))
        {
            return FlowValue.Unknown;
        }
        if (!IsShape(property.Property))
        {
            CheckUse(instance, property.Instance!);
        }
        bool leadsOn = context.Contracts.IsStable(property.Property)
            || context.Contracts.RegistrationOf(property.Property) is not null
            || (property.Property.IsInSystem() && property.Property.Name is "Memory" or "Span" or "Pointer");
        return leadsOn ? instance : FlowValue.Unknown;
    }

    private FlowValue MakeOwner(IOperation operation) => Make(
        FlowTypes.IsPatient(operation.Type) ? MemoryObjectKind.PatientOwner : MemoryObjectKind.Owner,
        operation);

    /// <summary>Methods of the same object may have done anything to its fields.</summary>
    private void ForgetFields(IInvocationOperation call)
    {
        if (call.Instance is not IInstanceReferenceOperation
            && !context.Types.TraitsOf(call.TargetMethod).IsLibrary)
        {
            return;
        }
        State.ForgetFields();
    }

    /// <summary>The result of the call is compared, kept in a local that is read, or passed on.</summary>
    private bool IsObserved(IInvocationOperation call) => call.Parent switch
    {
        IExpressionStatementOperation => false,
        ISimpleAssignmentOperation { Target: IDiscardOperation } => false,
        ISimpleAssignmentOperation { Target: ILocalReferenceOperation { Local: var local } } =>
            context.Read.Contains(local),
        _ => true,
    };

    private static bool IsReleaseSafe(string name) =>
        name is "IsInvalid" or "IsClosed" or "IsAllocated" or "Dispose" or "DisposeAsync" or "Close";

    /// <summary>Says something about the reference and nothing about the memory.</summary>
    private static bool IsShape(IPropertySymbol property) =>
        property.IsInSystem() && property.Name is "Length" or "IsEmpty" or "Rank" or "LongLength";

    private static ITypeSymbol? ElementOf(ITypeSymbol? type) =>
        type is INamedTypeSymbol { TypeArguments: { Length: 1 } arguments } ? arguments[0] : null;
}
