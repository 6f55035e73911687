using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace NvmeGpu.Analyzers.Provenance;

/// <summary>
/// The array that a <c>fixed</c> statement pins, when an address is its pointer. A fixed span can lie
/// anywhere, in page-locked memory too, and is none.
/// </summary>
internal sealed class FixedMemory
{
    private const int StepsMax = 32;

    private FixedMemory(ILocalSymbol pointer, ISymbol holder)
    {
        Pointer = pointer;
        Holder = holder;
    }

    public ISymbol Pointer { get; }

    /// <summary>The local, parameter or field that holds the array.</summary>
    public ISymbol Holder { get; }

    public string Description => $"the array '{Holder.Name}', pinned by 'fixed',";

    public static FixedMemory? Of(IOperation value)
    {
        for (int step = 0; step < StepsMax; step++)
        {
            switch (value)
            {
                case IConversionOperation { OperatorMethod: null } conversion:
                    value = conversion.Operand;
                    break;
                case IBinaryOperation
                {
                    OperatorKind: BinaryOperatorKind.Add or BinaryOperatorKind.Subtract,
                } moved
                    when moved.LeftOperand.Type is IPointerTypeSymbol:
                    value = moved.LeftOperand;
                    break;
                case ILocalReferenceOperation { Local: { IsFixed: true } local }:
                    return Pinned(local, value.SemanticModel);
                case ILocalReferenceOperation { Local: var local }
                    when LocalValue.Of(local, value) is { } only:
                    value = only;
                    break;
                default:
                    return null;
            }
        }
        return null;
    }

    private static FixedMemory? Pinned(ILocalSymbol pointer, SemanticModel? model)
    {
        if (pointer.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax()
                is not VariableDeclaratorSyntax { Initializer.Value: var source }
            || model is null
            || model.SyntaxTree != source.SyntaxTree)
        {
            return null;
        }
        // `fixed (byte* p = &array[n])`
        if (source is PrefixUnaryExpressionSyntax { Operand: ElementAccessExpressionSyntax element }
            && source.IsKind(SyntaxKind.AddressOfExpression))
        {
            source = element.Expression;
        }
        return model.GetTypeInfo(source).Type is IArrayTypeSymbol
            && model.GetSymbolInfo(source).Symbol
                is (ILocalSymbol or IParameterSymbol or IFieldSymbol) and var holder
            ? new FixedMemory(pointer, holder)
            : null;
    }
}
