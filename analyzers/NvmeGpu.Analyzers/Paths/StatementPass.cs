using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using NvmeGpu.Analyzers.Provenance;

namespace NvmeGpu.Analyzers.Paths;

/// <summary>
/// A forward pass over facts that may hold, one bit each, along the statements as they are nested: most
/// methods are right, and to see that, no control flow graph need be made. Where ways meet, the facts of all
/// of them hold, so nothing that can happen is left out. What is not known here makes the pass give up; the
/// rule then looks at the graph.
/// </summary>
internal abstract class StatementPass
{
    /// <summary>Some way leads here.</summary>
    private const ulong Reached = 1UL << FactsMax;

    /// <summary>Bits from 0 on.</summary>
    protected const int FactsMax = 63;

    private const int StepsMax = 20_000;
    private const int DepthMax = 256;

    private bool _hasGivenUp;
    private int _steps;
    private int _depth;
    private int _handlerDepth;

    // What goes to the end or to the next round of the loop around, and out of the method.
    private ulong _broken;
    private ulong _continued;
    private ulong _returned;

    /// <summary>All that held anywhere since the try statement around began.</summary>
    private ulong _seen;

    /// <summary>False when it gave up.</summary>
    public bool TryRun(IOperation body)
    {
        if (body.Kind != OperationKind.Block)
        {
            return false;
        }
        Root = body;
        ulong end = Pass(body, Reached) | _returned;
        if (end != 0)
        {
            OnEnd(end);
        }
        return !_hasGivenUp;
    }

    /// <summary>
    /// Handlers and finally blocks may begin with anything that held in their try block, and what holds
    /// before a finally block may hold behind it; else, an exception that nobody catches leads nowhere.
    /// </summary>
    protected virtual bool MayThrowAnywhere => false;

    /// <summary>The body that is passed.</summary>
    protected IOperation? Root { get; private set; }

    /// <summary>
    /// What holds after an operation; its parts have been passed. A <c>using</c> is an operation of its own:
    /// the disposal at its end.
    /// </summary>
    protected abstract ulong Step(IOperation operation, ulong facts);

    /// <summary>Locals go out of scope.</summary>
    /// <param name="locals">Those that do; the default array stands for any of the method.</param>
    /// <param name="facts">What holds then.</param>
    protected virtual void OnLeave(ImmutableArray<ILocalSymbol> locals, ulong facts)
    {
    }

    /// <summary>The method is left, all finally blocks behind.</summary>
    protected virtual void OnEnd(ulong facts)
    {
    }

    protected void GiveUp() => _hasGivenUp = true;

    private void Leave(ImmutableArray<ILocalSymbol> locals, ulong facts)
    {
        if (facts != 0 && (locals.IsDefault || !locals.IsEmpty))
        {
            OnLeave(locals, facts);
        }
    }

    private ulong Pass(IOperation? operation, ulong facts)
    {
        if (operation is null || _hasGivenUp)
        {
            return facts;
        }
        // No way leads to it, but a local function behind a return is one all the same.
        if (facts == 0 || _depth == DepthMax)
        {
            GiveUp();
            return 0;
        }
        _depth++;
        facts = PassKind(operation, facts);
        _depth--;
        return facts;
    }

    private ulong PassKind(IOperation operation, ulong facts)
    {
        switch (operation.Kind)
        {
            case OperationKind.Literal or OperationKind.DefaultValue or OperationKind.SizeOf
                or OperationKind.TypeOf or OperationKind.NameOf or OperationKind.Empty:
                return facts;
            case OperationKind.Block:
                var block = (IBlockOperation)operation;
                facts = PassStatements(block.Operations, 0, facts);
                Leave(block.Locals, facts);
                return facts;
            case OperationKind.Conditional:
                var choice = (IConditionalOperation)operation;
                facts = Pass(choice.Condition, facts);
                return Pass(choice.WhenTrue, facts) | Pass(choice.WhenFalse, facts);
            case OperationKind.Binary:
                var binary = (IBinaryOperation)operation;
                facts = Pass(binary.LeftOperand, facts);
                ulong both = Pass(binary.RightOperand, facts);
                return Take(operation, binary.OperatorKind is BinaryOperatorKind.ConditionalAnd
                    or BinaryOperatorKind.ConditionalOr ? facts | both : both);
            case OperationKind.Coalesce:
                var coalesce = (ICoalesceOperation)operation;
                facts = Pass(coalesce.Value, facts);
                return facts | Pass(coalesce.WhenNull, facts);
            case OperationKind.ConditionalAccess:
                var access = (IConditionalAccessOperation)operation;
                facts = Pass(access.Operation, facts);
                return facts | Pass(access.WhenNotNull, facts);
            case OperationKind.Loop:
                return PassLoop((ILoopOperation)operation, facts);
            case OperationKind.Try:
                return PassTry((ITryOperation)operation, facts);
            case OperationKind.Using:
                return PassUsing((IUsingOperation)operation, facts);
            case OperationKind.Switch:
                return PassSwitch((ISwitchOperation)operation, facts);
            case OperationKind.Return:
                facts = Take(operation, PassParts(operation, facts));
                Leave(default, facts);
                _returned |= facts;
                return 0;
            case OperationKind.Throw:
                _ = Take(operation, PassParts(operation, facts));
                return 0;
            case OperationKind.Branch:
                return PassBranch((IBranchOperation)operation, facts);
            case OperationKind.ExpressionStatement:
            case OperationKind.VariableDeclarationGroup or OperationKind.VariableDeclaration
                or OperationKind.VariableDeclarator or OperationKind.VariableInitializer:
            case OperationKind.LocalReference or OperationKind.ParameterReference
                or OperationKind.FieldReference or OperationKind.PropertyReference
                or OperationKind.ArrayElementReference or OperationKind.InstanceReference
                or OperationKind.ConditionalAccessInstance:
            case OperationKind.Invocation or OperationKind.Argument or OperationKind.Await:
            case OperationKind.ObjectCreation or OperationKind.ObjectOrCollectionInitializer
                or OperationKind.ArrayCreation or OperationKind.ArrayInitializer:
            case OperationKind.Conversion or OperationKind.Unary or OperationKind.AddressOf:
            case OperationKind.SimpleAssignment or OperationKind.CompoundAssignment
                or OperationKind.Increment or OperationKind.Decrement:
            case OperationKind.DeclarationExpression or OperationKind.Discard:
            case OperationKind.IsPattern or OperationKind.ConstantPattern or OperationKind.NegatedPattern
                or OperationKind.RelationalPattern:
            case OperationKind.InterpolatedString or OperationKind.InterpolatedStringText
                or OperationKind.Interpolation:
            case OperationKind.None when operation.IsDereference():
                return Take(operation, PassParts(operation, facts));
            default:
                GiveUp();
                return 0;
        }
    }

    private ulong PassParts(IOperation operation, ulong facts)
    {
        foreach (IOperation part in operation.ChildOperations)
        {
            facts = Pass(part, facts);
        }
        return facts;
    }

    private ulong PassStatements(ImmutableArray<IOperation> statements, int first, ulong facts)
    {
        for (int i = first; i < statements.Length; i++)
        {
            if (statements[i] is IUsingDeclarationOperation use)
            {
                return PassUsing(use, statements, i + 1, facts);
            }
            facts = Pass(statements[i], facts);
        }
        return facts;
    }

    private ulong Take(IOperation operation, ulong facts)
    {
        if (facts == 0 || _hasGivenUp)
        {
            return facts;
        }
        if (++_steps > StepsMax)
        {
            GiveUp();
        }
        facts = Step(operation, facts);
        _seen |= facts;
        return facts;
    }

    private ulong PassBranch(IBranchOperation branch, ulong facts)
    {
        Leave(default, facts);
        switch (branch.BranchKind)
        {
            case BranchKind.Break:
                _broken |= facts;
                break;
            case BranchKind.Continue:
                _continued |= facts;
                break;
            default:
                GiveUp();
                break;
        }
        return 0;
    }

    private ulong PassLoop(ILoopOperation loop, ulong facts)
    {
        switch (loop)
        {
            case IWhileLoopOperation { Condition: { } condition, IgnoredCondition: null } one:
                return PassRounds(loop, condition, one.ConditionIsTop, [], facts);
            case IForLoopOperation { ConditionLocals.IsEmpty: true } one:
                foreach (IOperation first in one.Before)
                {
                    facts = Pass(first, facts);
                }
                return PassRounds(loop, one.Condition, isTestedFirst: true, one.AtLoopBottom, facts);
            case IForEachLoopOperation one:
                return PassElements(one, facts);
            default:
                GiveUp();
                return 0;
        }
    }

    /// <summary>Until a round adds nothing to what held at its beginning.</summary>
    private ulong PassRounds(
        ILoopOperation loop,
        IOperation? condition,
        bool isTestedFirst,
        ImmutableArray<IOperation> bottom,
        ulong head)
    {
        (ulong outerBroken, ulong outerContinued) = (_broken, _continued);
        bool isEndless = condition is null or { ConstantValue: { HasValue: true, Value: true } };
        ulong exit;
        ulong added;
        _broken = 0;
        do
        {
            _continued = 0;
            ulong tested = isTestedFirst ? Pass(condition, head) : head;
            ulong end = Pass(loop.Body, tested) | _continued;
            foreach (IOperation last in bottom)
            {
                end = Pass(last, end);
            }
            if (!isTestedFirst)
            {
                tested = end = Pass(condition, end);
            }
            exit = isEndless ? 0 : tested;
            added = end & ~head;
            head |= end;
        }
        while (added != 0 && !_hasGivenUp);
        exit |= _broken;
        (_broken, _continued) = (outerBroken, outerContinued);
        Leave(loop.Locals, exit);
        Leave(loop.Locals, head);
        return exit;
    }

    /// <summary>
    /// What the class library walks over does nothing by itself. The enumerator is disposed as in a finally
    /// block.
    /// </summary>
    private ulong PassElements(IForEachLoopOperation loop, ulong facts)
    {
        if (loop.IsAsynchronous || loop.LoopControlVariable is not IVariableDeclaratorOperation variable
            || !IsPlainCollection(loop.Collection.WithoutConversions().Type))
        {
            GiveUp();
            return 0;
        }
        facts = Pass(loop.Collection, facts);
        Outside outside = Enter(facts);
        ulong end = PassFinally(loop, PassRounds(loop, variable, isTestedFirst: true, [], facts));
        Exit(outside);
        return end;
    }

    private static bool IsPlainCollection(ITypeSymbol? type) => type is IArrayTypeSymbol
        || (type is { Name: "List" or "IEnumerable" or "IReadOnlyList" or "IList" } && type.IsInSystem());

    private ulong PassSwitch(ISwitchOperation choice, ulong facts)
    {
        facts = Pass(choice.Value, facts);
        ulong outerBroken = _broken;
        ulong exit = 0;
        bool hasDefault = false;
        _broken = 0;
        foreach (ISwitchCaseOperation one in choice.Cases)
        {
            foreach (ICaseClauseOperation clause in one.Clauses)
            {
                switch (clause)
                {
                    case ISingleValueCaseClauseOperation single:
                        facts = Pass(single.Value, facts);
                        break;
                    case IDefaultCaseClauseOperation:
                        hasDefault = true;
                        break;
                    default:
                        GiveUp();
                        break;
                }
            }
        }
        foreach (ISwitchCaseOperation one in choice.Cases)
        {
            ulong end = PassStatements(one.Body, 0, facts);
            Leave(one.Locals, end);
            exit |= end;
        }
        exit |= hasDefault ? _broken : facts | _broken;
        _broken = outerBroken;
        Leave(choice.Locals, exit);
        return exit;
    }

    private ulong PassTry(ITryOperation attempt, ulong facts)
    {
        Outside outside = Enter(facts);
        _handlerDepth += attempt.Catches.IsEmpty ? 0 : 1;
        ulong end = Pass(attempt.Body, facts);
        _handlerDepth -= attempt.Catches.IsEmpty ? 0 : 1;
        ulong thrown = _seen;
        foreach (ICatchClauseOperation handler in attempt.Catches)
        {
            if (handler.Filter is not null)
            {
                GiveUp();
            }
            ulong handled = Pass(handler.Handler, thrown);
            Leave(handler.Locals, handled);
            end |= handled;
        }
        if (attempt.Finally is { } last)
        {
            end = PassFinally(last, end);
        }
        Exit(outside);
        return end;
    }

    private ulong PassUsing(IUsingOperation use, ulong facts)
    {
        if (use.IsAsynchronous || IsOfSeveral(use.Resources))
        {
            GiveUp();
            return 0;
        }
        facts = Pass(use.Resources, facts);
        Outside outside = Enter(facts);
        ulong end = PassFinally(use, Pass(use.Body, facts));
        Exit(outside);
        Leave(use.Locals, end);
        return end;
    }

    /// <summary>The statements behind the declaration are what it is used for.</summary>
    private ulong PassUsing(
        IUsingDeclarationOperation use, ImmutableArray<IOperation> statements, int next, ulong facts)
    {
        if (use.IsAsynchronous || IsOfSeveral(use.DeclarationGroup) || _depth == DepthMax)
        {
            GiveUp();
            return 0;
        }
        facts = Pass(use.DeclarationGroup, facts);
        Outside outside = Enter(facts);
        _depth++;
        ulong end = PassFinally(use, PassStatements(statements, next, facts));
        _depth--;
        Exit(outside);
        return end;
    }

    /// <summary>The first is disposed when the second cannot be made.</summary>
    private static bool IsOfSeveral(IOperation resources) =>
        resources is IVariableDeclarationGroupOperation { Declarations: var declarations }
        && (declarations.Length != 1 || declarations[0].Declarators.Length != 1);

    /// <summary>What the statements outside a try statement have gathered so far.</summary>
    private readonly struct Outside(ulong broken, ulong continued, ulong returned, ulong seen)
    {
        public ulong Broken { get; } = broken;

        public ulong Continued { get; } = continued;

        public ulong Returned { get; } = returned;

        public ulong Seen { get; } = seen;
    }

    private Outside Enter(ulong facts)
    {
        var outside = new Outside(_broken, _continued, _returned, _seen);
        (_broken, _continued, _returned, _seen) = (0, 0, 0, facts);
        return outside;
    }

    private void Exit(Outside outside)
    {
        _broken |= outside.Broken;
        _continued |= outside.Continued;
        _returned |= outside.Returned;
        _seen |= outside.Seen;
    }

    /// <param name="last">A finally block, or the operation whose step is what the compiler puts into
    /// one.</param>
    /// <param name="end">What holds where it begins, when nothing leaves earlier.</param>
    private ulong PassFinally(IOperation last, ulong end)
    {
        ulong before = end | _broken | _continued | _returned;
        if (MayThrowAnywhere)
        {
            before |= _seen;
        }
        else if (_handlerDepth > 0)
        {
            _ = PassLast(last, _seen); // on the way to a handler further out
        }
        ulong after = PassLast(last, before);
        _broken = Behind(_broken);
        _continued = Behind(_continued);
        _returned = Behind(_returned);
        Leave(default, _broken | _continued | _returned);
        return Behind(end);

        ulong Behind(ulong facts) => facts == 0 ? 0 : MayThrowAnywhere ? facts | after : after;
    }

    private ulong PassLast(IOperation last, ulong facts) =>
        last is IBlockOperation ? Pass(last, facts) : Take(last, facts);
}
