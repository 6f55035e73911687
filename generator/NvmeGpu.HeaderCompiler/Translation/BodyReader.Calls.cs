using System;
using System.Collections.Generic;
using System.Linq;
using NvmeGpu.HeaderCompiler.Clang;

namespace NvmeGpu.HeaderCompiler.Translation;

internal sealed partial class BodyReader
{
    private Expression ReadCall(CXCursor cursor, bool isValueUsed = true)
    {
        List<CXCursor> operands = Operands(cursor);
        if (operands.Count == 0)
        {
            throw Refuse("call whose function is not clear", cursor);
        }
        CXCursor callee = operands[0];
        while (callee.Kind is CursorKind.ParenExpr or CursorKind.UnexposedExpr
            && Operands(callee) is [var inner])
        {
            callee = inner;
        }
        CXCursor declaration = callee.Kind == CursorKind.DeclRefExpr
            ? LibClang.clang_getCursorReferenced(callee) : default;
        string name = declaration.Kind == CursorKind.FunctionDecl ? declaration.Spelling() : "";
        if (name.Length > 0 && Intrinsic.Find(name) is { } intrinsic)
        {
            return ReadIntrinsic(cursor, intrinsic, operands, isValueUsed);
        }
        if (name.StartsWith("__builtin_", StringComparison.Ordinal) && ReadConstant(cursor) is { } constant)
        {
            return constant; // __builtin_constant_p and its kind
        }
        if (IsCompilerFunction(name))
        {
            throw Refuse(
                name.StartsWith("__sync_", StringComparison.Ordinal)
                    || name.StartsWith("__atomic_", StringComparison.Ordinal)
                    ? $"atomic operation ({name})"
                    : name.Contains("va_", StringComparison.Ordinal) ? $"va_arg ({name})" : $"call of {name}",
                cursor);
        }

        bool wasTaken = AddressTaken.Contains(name);
        Expression function = ReadValue(callee);
        if (!wasTaken)
        {
            AddressTaken.Remove(name); // a call is no use as a value
        }
        if (function is Dereference { Type: CFunctionPointer } pointed)
        {
            function = pointed;
        }
        if (function.Type is not CFunctionPointer signature
            || signature.Parameters.Count != operands.Count - 1)
        {
            throw Refuse(
                $"call of {(name.Length > 0 ? name : "something")} without a fixed parameter list", cursor);
        }
        bool isPointer = function is not AddressOfFunction;
        var arguments = new List<Expression>();
        for (int i = 0; i < signature.Parameters.Count; i++)
        {
            // In methods _Bool is bool; through pointers it is a byte.
            CType parameter = signature.Parameters[i] switch
            {
                CBool when !isPointer => CTruth.Instance,
                CArray array => PointerTo(array.Element),
                CType other => other,
            };
            arguments.Add(ReadValue(operands[i + 1], parameter));
        }
        return function is AddressOfFunction { Function: var direct }
            ? new Call(direct, arguments, AsValue(signature.Result))
            : new PointerCall(function, arguments, signature.Result);
    }

    private static bool IsCompilerFunction(string name) =>
        name.StartsWith("__builtin_", StringComparison.Ordinal)
        || name.StartsWith("__sync_", StringComparison.Ordinal)
        || name.StartsWith("__atomic_", StringComparison.Ordinal);

    private Expression ReadIntrinsic(
        CXCursor cursor, Intrinsic intrinsic, List<CXCursor> operands, bool isValueUsed)
    {
        CType type = TypeOf(cursor);
        IntrinsicCall ReadIt() => new(
            intrinsic, [.. operands.Skip(1).Select(ReadValue)],
            intrinsic.ReturnsFirst ? CVoid.Instance : type);

        if (!intrinsic.ReturnsFirst || !isValueUsed)
        {
            return ReadIt();
        }
        return InLocalFunction("call", type, () =>
        {
            Expression first = ReadValue(operands[1]);
            Variable destination = NewVariable("destination", first.Type);
            IntrinsicCall call = ReadIt();
            var reference = new VariableReference(destination);
            return
            [
                new Declare(destination, first),
                new Evaluate(call with { Arguments = [reference, .. call.Arguments.Skip(1)] }),
                new Return(Conversions.Convert(reference, type, cursor.Location())),
            ];
        });
    }

    private LocalFunctionCall ReadStatementExpression(CXCursor cursor)
    {
        CType type = TypeOf(cursor);
        List<CXCursor> statements = [.. cursor.Children()[0].Children()];
        (int loopDepth, int breakDepth) = (_loopDepth, _breakDepth);
        (_loopDepth, _breakDepth) = (0, 0);
        LocalFunctionCall call = InLocalFunction("block", type, () =>
        {
            _localFunctions.Peek().IsBlock = true;
            if (type is CVoid || statements.Count == 0)
            {
                return ReadStatements(statements);
            }
            List<Statement> read = ReadStatements(statements[..^1]);
            if (!IsExpression(statements[^1]))
            {
                throw Refuse("statement expression whose value is not its last statement", cursor);
            }
            read.Add(new Return(ReadValue(statements[^1], type)));
            return read;
        });
        (_loopDepth, _breakDepth) = (loopDepth, breakDepth);
        return call;
    }
}
