using System;
using System.Collections.Generic;
using System.Linq;
using NvmeGpu.HeaderCompiler.Clang;
using NvmeGpu.HeaderCompiler.Model;

namespace NvmeGpu.HeaderCompiler.Translation;

internal sealed partial class BodyReader
{
    private readonly Dictionary<string, string> _labels = [];
    private bool _hasLabels;
    private bool _declaresInSwitch;

    // How deep inside a local function `return`, `break` and `goto` stay: they cannot leave it.
    private int _loopDepth;
    private int _breakDepth; // a switch keeps `break`, not `continue`

    private List<Statement> ReadStatements(IEnumerable<CXCursor> cursors)
    {
        var statements = new List<Statement>();
        foreach (CXCursor cursor in cursors)
        {
            statements.AddRange(ReadStatement(cursor));
        }
        return statements;
    }

    private Statement ReadOne(CXCursor cursor)
    {
        List<Statement> statements = ReadStatement(cursor);
        return statements.Count == 1 ? statements[0] : new Block(statements);
    }

    private List<Statement> ReadStatement(CXCursor cursor)
    {
        IReadOnlyList<CXCursor> children = cursor.Children();
        switch (cursor.Kind)
        {
            case CursorKind.CompoundStmt:
                return [new Block(ReadStatements(children))];
            case CursorKind.NullStmt:
                return [new Nothing()];
            case CursorKind.DeclStmt:
                return [.. children.SelectMany(ReadDeclaration)];
            case CursorKind.IfStmt when children.Count is 2 or 3:
                Expression condition = ReadCondition(children[0]);
                return [new If(
                    condition, ReadOne(children[1]), children.Count == 3 ? ReadOne(children[2]) : null)];
            case CursorKind.WhileStmt when children.Count == 2:
                return [new While(ReadCondition(children[0]), ReadBody(children[1]))];
            case CursorKind.DoStmt when children.Count == 2:
                Statement body = ReadBody(children[0]);
                return [new DoWhile(body, ReadCondition(children[1]))];
            case CursorKind.ForStmt:
                return [ReadFor(cursor, children)];
            case CursorKind.SwitchStmt when children.Count == 2:
                return [ReadSwitch(cursor, children[0], children[1])];
            case CursorKind.ReturnStmt:
                return ReadReturn(cursor);
            case CursorKind.BreakStmt:
                ThrowOutside(_breakDepth, cursor, "break");
                return [new Break()];
            case CursorKind.ContinueStmt:
                ThrowOutside(_loopDepth, cursor, "continue");
                return [new Continue()];
            case CursorKind.GotoStmt:
                ThrowInLocalFunction(cursor, "goto");
                return [new Goto(LabelOf(children.Single().Spelling(), cursor))];
            case CursorKind.LabelStmt:
                ThrowInLocalFunction(cursor, "label");
                return [new Labeled(LabelOf(cursor.Spelling(), cursor), ReadOne(children[^1]))];
            // Attributes: [[fallthrough]] before an empty statement.
            case CursorKind.UnexposedStmt
                when children.Where(child => (int)child.Kind is < 400 or >= 500).ToList() is [var inner]:
                return ReadStatement(inner);
            case CursorKind.CaseStmt or CursorKind.DefaultStmt:
                throw Refuse("case label inside another statement", cursor);
            case CursorKind.IndirectGotoStmt:
                throw Refuse("computed goto", cursor);
            case CursorKind.GccAsmStmt or CursorKind.MSAsmStmt:
                throw Refuse("inline assembly", cursor);
            case var _ when IsExpression(cursor):
                return ReadEvaluation(cursor);
            default:
                throw Refuse($"statement of libclang's kind {(int)cursor.Kind}", cursor);
        }
    }

    private Statement ReadBody(CXCursor cursor)
    {
        _loopDepth++;
        _breakDepth++;
        Statement body = ReadOne(cursor);
        _loopDepth--;
        _breakDepth--;
        return body;
    }

    private Expression ReadCondition(CXCursor cursor) =>
        Conversions.Truth(ReadValue(cursor), cursor.Location());

    // An expression whose value nobody uses: commas are statements then, and so are conditionals.
    private List<Statement> ReadEvaluation(CXCursor cursor)
    {
        CXCursor inner = cursor;
        while (inner.Kind == CursorKind.ParenExpr || IsCastToVoid(inner))
        {
            inner = Operands(inner)[^1];
        }
        switch (inner.Kind)
        {
            case CursorKind.BinaryOperator
                when LibClang.clang_getCursorBinaryOperatorKind(inner) == BinaryOperatorKind.Comma:
                return [.. Operands(inner).SelectMany(ReadEvaluation)];
            case CursorKind.ConditionalOperator when inner.Type().Canonical().Kind == TypeKind.Void:
                List<CXCursor> operands = Operands(inner);
                Expression condition = ReadCondition(operands[0]);
                return [new If(
                    condition, new Block(ReadEvaluation(operands[1])),
                    new Block(ReadEvaluation(operands[2])))];
            case CursorKind.CallExpr:
                return [new Evaluate(ReadCall(inner, isValueUsed: false))];
            case CursorKind.StmtExpr:
                return [new Block(ReadStatements(inner.Children()[0].Children()))];
            default:
                return [new Evaluate(Read(inner))];
        }
    }

    private static bool IsCastToVoid(CXCursor cursor) =>
        cursor.Kind is CursorKind.CStyleCastExpr or CursorKind.UnexposedExpr
        && cursor.Type().Canonical().Kind == TypeKind.Void && Operands(cursor).Count == 1;

    private List<Statement> ReadReturn(CXCursor cursor)
    {
        ThrowInLocalFunction(cursor, "return");
        List<CXCursor> operands = Operands(cursor);
        if (_result is CVoid)
        {
            return [.. operands.SelectMany(ReadEvaluation), new Return(null)];
        }
        return operands is [var value]
            ? [new Return(Conversions.Convert(ReadValue(value), _result, cursor.Location()))]
            : throw Refuse("return without a value", cursor);
    }

    // Missing parts are missing children, so the tokens say which are there.
    private Block ReadFor(CXCursor cursor, IReadOnlyList<CXCursor> children)
    {
        List<string> tokens = Tokens(cursor);
        if (tokens is not ["for", "(", ..])
        {
            throw Refuse("for loop made by a macro", cursor);
        }
        bool[] isPresent = new bool[3];
        int part = 0;
        int depth = 0;
        for (int i = 1; i < tokens.Count && part < 3; i++)
        {
            string token = tokens[i];
            if (depth == 1 && (token is ";" or ")"))
            {
                part++;
                if (token == ")")
                {
                    break;
                }
                continue;
            }
            if (depth > 0)
            {
                isPresent[part] = true;
            }
            depth += token is "(" or "[" or "{" ? 1 : token is ")" or "]" or "}" ? -1 : 0;
        }
        if (children.Count != isPresent.Count(present => present) + 1)
        {
            throw Refuse("for loop whose parts are not clear", cursor);
        }

        int next = 0;
        List<Statement> initializer = isPresent[0] ? ReadStatement(children[next++]) : [];
        Expression? condition = isPresent[1] ? ReadCondition(children[next++]) : null;
        List<Expression> steps = [];
        if (isPresent[2])
        {
            List<Statement> statements = ReadEvaluation(children[next++]);
            steps = [.. statements.OfType<Evaluate>().Select(statement => statement.Expression)];
            if (steps.Count != statements.Count)
            {
                throw Refuse("for loop whose step is a statement", cursor);
            }
        }
        Statement body = ReadBody(children[next]);
        // The initialiser before the loop: it may be several statements.
        return new Block([.. initializer, new For(condition, steps, body)]);
    }

    private Switch ReadSwitch(CXCursor cursor, CXCursor valueCursor, CXCursor body)
    {
        if (body.Kind != CursorKind.CompoundStmt)
        {
            throw Refuse("switch without a block", cursor);
        }
        Expression value = ReadValue(valueCursor);
        if (value.Type is CTruth or CBool)
        {
            value = Conversions.Convert(value, CInteger.Int, cursor.Location());
        }
        if (value.Type is CInteger { Keyword: "nint" or "nuint" } native)
        {
            // C# has no constants of these beyond 32 bits.
            value = Conversions.Convert(
                value, new CInteger(
                    new PrimitiveType(native.IsSigned ? "long" : "ulong", 8), native.IsSigned),
                cursor.Location());
        }
        var sections = new List<SwitchSection>();
        var labels = new List<CaseLabel>();
        bool hasDefault = false;
        List<Statement>? statements = null;
        _breakDepth++;
        foreach (CXCursor child in body.Children())
        {
            CXCursor inner = child;
            bool isLabeled = false;
            while (inner.Kind is CursorKind.CaseStmt or CursorKind.DefaultStmt)
            {
                if (!isLabeled && statements is not null)
                {
                    sections.Add(new SwitchSection(labels, hasDefault, statements));
                    (labels, hasDefault) = ([], false);
                }
                isLabeled = true;
                statements = [];
                IReadOnlyList<CXCursor> parts = inner.Children();
                if (inner.Kind == CursorKind.DefaultStmt)
                {
                    hasDefault = true;
                }
                else
                {
                    Expression first = ReadValue(parts[0]);
                    labels.Add(new CaseLabel(
                        Conversions.Convert(first, value.Type, cursor.Location()),
                        Conversions.Convert(
                            parts.Count == 3 ? ReadValue(parts[1]) : first, value.Type, cursor.Location())));
                }
                inner = parts[^1];
            }
            if (inner.Kind == CursorKind.DeclStmt)
            {
                // Its scope is all of the switch, in C; in C# the declaration would be passed over.
                _declaresInSwitch = true;
            }
            if (statements is null && inner.Kind != CursorKind.DeclStmt)
            {
                throw Refuse("statement before the first case of a switch", inner);
            }
            List<Statement> read = ReadStatement(inner);
            statements?.AddRange(read);
        }
        _breakDepth--;
        if (statements is not null)
        {
            sections.Add(new SwitchSection(labels, hasDefault, statements));
        }
        return new Switch(value, sections);
    }

    private void FindLabels(CXCursor cursor)
    {
        foreach (CXCursor child in cursor.Children())
        {
            if (child.Kind == CursorKind.LabelStmt)
            {
                _hasLabels = true;
                // Labels of our own are section_0_1.
                bool isOurs = child.Spelling().StartsWith("section_", StringComparison.Ordinal);
                _labels.Add(child.Spelling(), UniqueName(child.Spelling() + (isOurs ? "_" : "")));
            }
            FindLabels(child);
        }
    }

    private string LabelOf(string label, CXCursor cursor) =>
        _labels.TryGetValue(label, out string? name) ? name : throw Refuse($"jump to {label}", cursor);

    private void ThrowInLocalFunction(CXCursor cursor, string construct)
    {
        if (Depth > 0)
        {
            throw Refuse($"{construct} inside a statement expression", cursor);
        }
    }

    private static void ThrowOutside(int depth, CXCursor cursor, string construct)
    {
        if (depth == 0)
        {
            throw Refuse($"{construct} inside a statement expression", cursor);
        }
    }
}
