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
        Leave(Pass(body, Reached) | _returned);
        return !_hasGivenUp;
    }

    /// <summary>
    /// Handlers and finally blocks may begin with anything that held in their try block, and what holds
    /// before a finally block may hold behind it; else, an exception that nobody catches leads nowhere.
    /// </summary>
    protected virtual bool MayThrowAnywhere => false;

    /// <summary>What holds after an operation; its parts have been passed.</summary>
    protected abstract ulong Step(IOperation operation, ulong facts);

    /// <summary>Locals go out of scope.</summary>
    protected virtual void OnLeave(ulong facts)
    {
    }

    protected void GiveUp() => _hasGivenUp = true;

    private void Leave(ulong facts)
    {
        if (facts != 0)
        {
            OnLeave(facts);
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
                facts = PassParts(operation, facts);
                if (!((IBlockOperation)operation).Locals.IsEmpty)
                {
                    Leave(facts);
                }
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
            case OperationKind.Loop:
                return PassLoop((ILoopOperation)operation, facts);
            case OperationKind.Try:
                return PassTry((ITryOperation)operation, facts);
            case OperationKind.Return:
                facts = Take(operation, PassParts(operation, facts));
                Leave(facts);
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
                or OperationKind.ArrayElementReference or OperationKind.InstanceReference:
            case OperationKind.Invocation or OperationKind.Argument or OperationKind.ObjectCreation:
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
        Leave(facts);
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
        if (!loop.Locals.IsEmpty)
        {
            Leave(exit);
            Leave(head);
        }
        return exit;
    }

    private ulong PassTry(ITryOperation attempt, ulong facts)
    {
        (ulong broken, ulong continued, ulong returned, ulong seen) =
            (_broken, _continued, _returned, _seen);
        (_broken, _continued, _returned, _seen) = (0, 0, 0, facts);
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
            Leave(handler.Locals.IsEmpty ? 0 : handled);
            end |= handled;
        }
        if (attempt.Finally is { } last)
        {
            end = PassFinally(last, end);
        }
        (_broken, _continued, _returned, _seen) =
            (_broken | broken, _continued | continued, _returned | returned, _seen | seen);
        return end;
    }

    private ulong PassFinally(IBlockOperation last, ulong end)
    {
        ulong before = end | _broken | _continued | _returned;
        if (MayThrowAnywhere)
        {
            before |= _seen;
        }
        else if (_handlerDepth > 0)
        {
            _ = Pass(last, _seen); // on the way to a handler further out
        }
        ulong after = Pass(last, before);
        _broken = Behind(_broken);
        _continued = Behind(_continued);
        _returned = Behind(_returned);
        Leave(_broken | _continued | _returned);
        return Behind(end);

        ulong Behind(ulong facts) => facts == 0 ? 0 : MayThrowAnywhere ? facts | after : after;
    }
}
