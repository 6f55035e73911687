using System.Collections.Generic;
using System.Linq;
using NvmeGpu.HeaderCompiler.Emitting;
using NvmeGpu.HeaderCompiler.Model;

namespace NvmeGpu.HeaderCompiler.Translation;

/// <summary>Writes a translated function's body.</summary>
internal sealed class MethodWriter(GeneratedFile file, NameScope names)
{
    private ExpressionWriter _expressions = new(names);
    private bool _declaresAtTop;
    private int _labels;

    public void Write(TranslatedFunction function)
    {
        // Local functions see variables only where these are declared: then all are declared first.
        _declaresAtTop = function.HasLabels || CallsLocalFunctions(function);
        file.Line("unchecked");
        file.Open();
        foreach (Variable parameter in function.Parameters)
        {
            WriteParameter(parameter);
        }
        WriteFunctionBody(function.Body);
        file.Close();
    }

    private bool CallsLocalFunctions(TranslatedFunction function)
    {
        var trial = new MethodWriter(new GeneratedFile(""), names);
        trial.WriteStatements(function.Body.Body);
        return trial._expressions.Called.Count > 0;
    }

    private void WriteFunctionBody(LocalFunction function)
    {
        ExpressionWriter outer = _expressions;
        _expressions = new ExpressionWriter(names);
        foreach (Variable variable in function.Variables)
        {
            WriteDeclaration(variable);
        }
        WriteStatements(function.Body);
        if (function.Result is not CVoid && !EndsInJump(function.Body))
        {
            file.Line("return default;"); // C leaves the result undefined
        }
        for (int i = 0; i < _expressions.Called.Count; i++)
        {
            LocalFunction inner = _expressions.Called[i];
            if (!function.Nested.Contains(inner))
            {
                continue; // one further out
            }
            file.Line();
            file.Line($"{names.Type(inner.Result.Native)} {names.Local(inner)}()");
            file.Open();
            WriteFunctionBody(inner);
            file.Close();
        }
        foreach (LocalFunction called in _expressions.Called)
        {
            if (!outer.Called.Contains(called))
            {
                outer.Called.Add(called);
            }
        }
        _expressions = outer;
    }

    // A parameter that must be in memory is copied there.
    private void WriteParameter(Variable parameter)
    {
        if (parameter.Type is CBool && !parameter.IsCSharpBool)
        {
            string copy = names.Storage(parameter);
            file.Line($"byte {copy} = (byte)({names.Local(parameter)} ? 1 : 0);");
            file.Line($"byte* {names.Pointer(parameter)} = &{copy};");
        }
        else if (parameter.IsStored)
        {
            WriteStorage(parameter, names.Local(parameter));
        }
    }

    private void WriteDeclaration(Variable variable)
    {
        if (variable.IsTable)
        {
            if (_declaresAtTop)
            {
                file.Line($"{names.Type(variable.Type.Native)} {names.Local(variable)} = default;");
            }
            return;
        }
        if (variable.IsStored)
        {
            WriteStorage(variable, "default");
        }
        else if (_declaresAtTop)
        {
            file.Line($"{names.Type(variable.Type.Native)} {names.Local(variable)} = default;");
        }
    }

    // Memory of the method's own frame, and the pointer by which it is reached.
    private void WriteStorage(Variable variable, string value)
    {
        string pointer = names.Pointer(variable);
        string storage = names.Storage(variable);
        (CType item, long count) = variable.Type is CArray array
            ? (array.FlatElement, array.FlatLength) : (variable.Type, 1);
        string type = names.Type(item.Native);
        if (variable.AlignBytes > Variable.StackAlignBytes)
        {
            // More room than it needs, from the first address in it that is aligned.
            long mask = variable.AlignBytes - 1;
            file.Line($"byte* {storage} = stackalloc byte[{count} * sizeof({type}) + {mask}];");
            file.Line($"{type}* {pointer} = ({type}*)((nuint)({storage} + {mask}) & ~(nuint){mask});");
            if (value != "default")
            {
                file.Line($"*{pointer} = {value};");
            }
        }
        else if (variable.Type is CArray)
        {
            file.Line($"{type}* {pointer} = stackalloc {type}[{count}];");
        }
        else
        {
            file.Line($"{type} {storage} = {value};");
            file.Line($"{type}* {pointer} = &{storage};");
        }
    }

    private void WriteStatements(IEnumerable<Statement> statements)
    {
        foreach (Statement statement in statements)
        {
            WriteStatement(statement);
        }
    }

    private void WriteBody(Statement statement)
    {
        file.Open();
        WriteStatements(statement is Block { Statements: var inner } ? inner : [statement]);
        file.Close();
    }

    private void WriteStatement(Statement statement)
    {
        switch (statement)
        {
            // Names are unique in a method, so only labels need a block; a lone loop has its own.
            case Block { Statements: [For loop] }:
                WriteStatement(loop);
                break;
            case Block:
                WriteBody(statement);
                break;
            case Nothing:
                break;
            case Evaluate { Expression: var expression }:
                if (_expressions.Statement(expression) is { } text)
                {
                    file.Line(text + ";");
                }
                break;
            case Declare { Variable: var variable, Initializer: var value }:
                WriteDeclare(variable, value);
                break;
            case ZeroFill { Variable: var variable }:
                WriteZeroFill(variable);
                break;
            case DeclareTable table:
                WriteTable(table);
                break;
            case If conditional:
                WriteIf(conditional);
                break;
            case While loop:
                file.Line($"while ({_expressions.Condition(loop.Condition)})");
                WriteBody(loop.Body);
                break;
            case DoWhile loop:
                file.Line("do");
                WriteBody(loop.Body);
                file.Line($"while ({_expressions.Condition(loop.Condition)});");
                break;
            case For loop:
                string condition = loop.Condition is null ? "" : " " + _expressions.Condition(loop.Condition);
                string steps = string.Join(", ", loop.Steps.Select(_expressions.Statement).OfType<string>());
                file.Line($"for (;{condition};{(steps.Length == 0 ? "" : " " + steps)})");
                WriteBody(loop.Body);
                break;
            case Switch choice:
                WriteSwitch(choice);
                break;
            case Labeled { Label: var label, Statement: var inner }:
                file.Line($"{CSharpNames.Escape(label)}:;");
                WriteStatement(inner);
                break;
            case Goto { Label: var label }:
                file.Line($"goto {CSharpNames.Escape(label)};");
                break;
            case Break:
                file.Line("break;");
                break;
            case Continue:
                file.Line("continue;");
                break;
            case Return { Value: null }:
                file.Line("return;");
                break;
            case Return { Value: { Type: CVoid } value }:
                file.Line(_expressions.Statement(value) + ";");
                file.Line("return;");
                break;
            case Return { Value: var value }:
                file.Line($"return {_expressions.Value(value)};");
                break;
            default:
                throw new System.Diagnostics.UnreachableException(statement.GetType().Name);
        }
    }

    private void WriteDeclare(Variable variable, Expression? value)
    {
        string type = names.Type(variable.Type.Native);
        bool isDeclared = _declaresAtTop || variable.IsStored;
        string place = variable.IsStored ? $"*{names.Local(variable)}" : names.Local(variable);
        if (!isDeclared)
        {
            file.Line($"{type} {place} = {(value is null ? "default" : _expressions.Value(value))};");
        }
        else if (value is not null)
        {
            file.Line($"{place} = {_expressions.Value(value)};");
        }
    }

    // The C# compiler puts such a span into the assembly's read-only data, which does not move.
    private void WriteTable(DeclareTable table)
    {
        string element = names.Type(table.Array.Element.Native);
        // Of long and ulong, where C has long: a span of nint is none of read-only data, it would be an
        // array.
        string stored = element switch { "nint" => "long", "nuint" => "ulong", _ => element };
        var type =
            new PrimitiveType(stored, table.Array.Element is CInteger { SizeBytes: var size } ? size : 8);
        string values = string.Join(", ", table.Values.Select(value => _expressions.Value(
            value is IntegerConstant constant && stored != element
                ? constant with { Integer = new CInteger(type, constant.Integer.IsSigned), Name = null }
                : value)));
        file.Line($"{(_declaresAtTop ? "" : $"{element}* ")}{names.Local(table.Variable)} =");
        string data = $"ref MemoryMarshal.GetReference((ReadOnlySpan<{stored}>)[{values}])";
        file.Line($"    ({element}*)Unsafe.AsPointer({data});");
    }

    private void WriteZeroFill(Variable variable)
    {
        if (variable.Type is CArray array)
        {
            string element = names.Type(array.FlatElement.Native);
            file.Line($"NativeMemory.Clear({names.Local(variable)}, {array.FlatLength} * "
                + $"(nuint)sizeof({element}));");
        }
        else if (variable.IsStored || _declaresAtTop)
        {
            file.Line($"{(variable.IsStored ? "*" : "")}{names.Local(variable)} = default;");
        }
    }

    private void WriteIf(If conditional)
    {
        file.Line($"if ({_expressions.Condition(conditional.Condition)})");
        WriteBody(conditional.Then);
        for (Statement? other = conditional.Else; other is not null;)
        {
            if (other is If next)
            {
                file.Line($"else if ({_expressions.Condition(next.Condition)})");
                WriteBody(next.Then);
                other = next.Else;
            }
            else
            {
                file.Line("else");
                WriteBody(other);
                break;
            }
        }
    }

    // C falls through to the next section; C# goes there by a label.
    private void WriteSwitch(Switch choice)
    {
        string prefix = $"section_{_labels++}_";
        file.Line($"switch ({_expressions.Condition(choice.Value)})");
        file.Open();
        for (int i = 0; i < choice.Sections.Count; i++)
        {
            SwitchSection section = choice.Sections[i];
            foreach (CaseLabel label in section.Labels)
            {
                string first = _expressions.Condition(label.First);
                string last = _expressions.Condition(label.Last);
                file.Line(first == last ? $"case {first}:" : $"case >= {first} and <= {last}:");
            }
            if (section.HasDefault)
            {
                file.Line("default:");
            }
            file.Indent();
            if (i > 0 && !EndsInJump(choice.Sections[i - 1].Body))
            {
                file.Line($"{prefix}{i}:;");
            }
            WriteStatements(section.Body);
            if (!EndsInJump(section.Body))
            {
                file.Line(i + 1 < choice.Sections.Count ? $"goto {prefix}{i + 1};" : "break;");
            }
            file.Outdent();
        }
        file.Close();
    }

    private static bool EndsInJump(IReadOnlyList<Statement> statements) => statements.Count > 0
        && statements[^1] switch
        {
            Return or Break or Continue or Goto => true,
            Block { Statements: var inner } => EndsInJump(inner),
            If { Then: var then, Else: { } other } => EndsInJump([then]) && EndsInJump([other]),
            _ => false,
        };
}
