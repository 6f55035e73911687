using System;
using System.Collections.Generic;
using System.Linq;
using NvmeGpu.HeaderCompiler.Clang;

namespace NvmeGpu.HeaderCompiler.Translation;

/// <summary>
/// Reads one function's body into the typed form. Whatever is not known is refused: a node that is passed
/// over would be a wrong method.
/// </summary>
internal sealed partial class BodyReader(TranslationUnit unit, CTypeReader types)
{
    private readonly Dictionary<nint, Variable> _variables = [];
    private readonly HashSet<string> _names = new(StringComparer.Ordinal) { "_" }; // C#'s discard
    private readonly List<(Variable Variable, CXCursor Cursor)> _constants = [];
    private readonly Stack<LocalFunction> _localFunctions = [];

    /// <summary>The result type: <see cref="CTruth"/> for <c>_Bool</c>, which is a C# bool in
    /// signatures.</summary>
    private CType _result = CVoid.Instance;

    /// <summary>Everything that the body calls or takes the address of: name and declaration.</summary>
    public Dictionary<string, CXCursor> Reached { get; } = new(StringComparer.Ordinal);

    /// <summary>Functions that are used as values, not called.</summary>
    public HashSet<string> AddressTaken { get; } = new(StringComparer.Ordinal);

    public TranslatedFunction ReadFunction(CXCursor function)
    {
        string name = function.Spelling();
        SourceLocation location = function.Location();
        int count = LibClang.clang_Cursor_getNumArguments(function);
        bool isUnprototyped = function.Type().Canonical().Kind == TypeKind.FunctionNoProto;
        if (isUnprototyped ? count > 0 : LibClang.clang_isFunctionTypeVariadic(function.Type()) != 0)
        {
            throw new RefusedException("variable arguments", location);
        }
        _result = AsValue(types.Read(LibClang.clang_getResultType(function.Type()), location));
        var root = new LocalFunction("", _result) { IsBlock = true };
        _localFunctions.Push(root);

        var parameters = new List<Variable>();
        for (uint i = 0; i < count; i++)
        {
            CXCursor parameter = LibClang.clang_Cursor_getArgument(function, i);
            string spelling = parameter.Spelling();
            CType type = types.Read(parameter.Type(), location) switch
            {
                CArray array => PointerTo(array.Element),
                CType other => other,
            };
            var variable = new Variable(
                UniqueName(spelling.Length > 0 ? spelling : $"arg{i}"), type, isParameter: true, depth: 0);
            _variables.Add(parameter.Identity(), variable);
            parameters.Add(variable);
        }

        CXCursor body = function.Children().LastOrDefault(child => child.Kind == CursorKind.CompoundStmt);
        if (body.Kind != CursorKind.CompoundStmt)
        {
            throw new RefusedException("function without a body", location);
        }
        FindLabels(body);
        root.Body.AddRange(ReadStatements(body.Children()));
        if (_constants.Find(constant => constant.Variable.IsAddressTaken) is { Variable: not null } taken)
        {
            throw Refuse($"address of the static variable {taken.Variable.Name}", taken.Cursor);
        }
        return new TranslatedFunction(name, location, _result, parameters, root)
        {
            HasLabels = _hasLabels || _declaresInSwitch,
            Reached = Reached,
            AddressTaken = AddressTaken,
            Start = StartOf(function),
        };
    }

    private static SourceLocation StartOf(CXCursor cursor)
    {
        LibClang.clang_getExpansionLocation(
            LibClang.clang_getRangeStart(LibClang.clang_getCursorExtent(cursor)),
            out nint file, out uint line, out _, out _);
        return new SourceLocation(LibClang.clang_getFileName(file).Take(), line);
    }

    // A type as a parameter, result or call has it.
    private static CType AsValue(CType type) => type is CBool ? CTruth.Instance : type;

    private int Depth => _localFunctions.Count - 1;

    private string UniqueName(string wanted)
    {
        string name = wanted;
        for (int i = 2; !_names.Add(name); i++)
        {
            name = $"{wanted}_{i}";
        }
        return name;
    }

    private Variable NewVariable(string name, CType type) => NewVariable(name, type, Depth);

    private Variable NewVariable(string name, CType type, int depth)
    {
        var variable = new Variable(UniqueName(name), type, isParameter: false, depth);
        _localFunctions.ElementAt(Depth - depth).Variables.Add(variable);
        return variable;
    }

    // Where a compound literal lies: C keeps it until the end of the block around it.
    private int BlockDepth => Depth - _localFunctions.TakeWhile(function => !function.IsBlock).Count();

    // C# has a name for it only where a member or a typedef gives it one.
    private static void RefuseNameless(CType type, CXCursor cursor)
    {
        if ((type is CArray array ? array.FlatElement : type) is CRecord { Record.Name: "" })
        {
            throw Refuse("variable of a struct without a name", cursor);
        }
    }

    // Runs `read` as the body of a function inside the method; what it reads counts as captured.
    private LocalFunctionCall InLocalFunction(string kind, CType result, Func<IEnumerable<Statement>> read)
    {
        var function = new LocalFunction(UniqueName(kind), result);
        _localFunctions.Push(function);
        function.Body.AddRange(read());
        if (function.Body is [.., Return { Value: { } value }])
        {
            function.WideBitField ??= WideBitField(value);
        }
        _localFunctions.Pop();
        _localFunctions.Peek().Nested.Add(function);
        return new LocalFunctionCall(function);
    }

    private static CPointer PointerTo(CType target) =>
        new(target, new Model.PointerType(target switch
        {
            CArray array => array.FlatElement.Native,
            _ => target.Native,
        }));

    private static RefusedException Refuse(string construct, CXCursor cursor) =>
        new(construct, cursor.Location());

    private static bool IsExpression(CXCursor cursor) => (int)cursor.Kind is >= 100 and < 200;

    private static List<CXCursor> Operands(CXCursor cursor) => [.. cursor.Children().Where(IsExpression)];

    private static CXCursor Only(CXCursor cursor)
    {
        List<CXCursor> operands = Operands(cursor);
        return operands.Count == 1
            ? operands[0]
            : throw Refuse($"expression with {operands.Count} operands where one is expected", cursor);
    }

    private List<string> Tokens(CXCursor cursor) => [.. unit.Tokens(cursor).Select(token => token.Text)];
}

/// <summary>A function with its body, ready to be written.</summary>
internal sealed record TranslatedFunction(
    string Name, SourceLocation Location, CType Result, IReadOnlyList<Variable> Parameters,
    LocalFunction Body)
{
    /// <summary>All variables are declared at the top, since a jump may pass over their
    /// declarations.</summary>
    public required bool HasLabels { get; init; }

    public required IReadOnlyDictionary<string, CXCursor> Reached { get; init; }

    public required IReadOnlySet<string> AddressTaken { get; init; }

    /// <summary>Where the declaration begins, which may be lines before its name.</summary>
    public required SourceLocation Start { get; init; }

    public bool TakesAddressOfAny(HashSet<string> functions) => AddressTaken.Overlaps(functions);
}
