using System.Collections.Generic;

namespace NvmeGpu.HeaderCompiler.Translation;

internal abstract record Statement;

internal sealed record Block(IReadOnlyList<Statement> Statements) : Statement;

internal sealed record Evaluate(Expression Expression) : Statement;

/// <summary>A variable's declaration where C has it; without an initialiser C leaves it undefined, C#
/// zero.</summary>
internal sealed record Declare(Variable Variable, Expression? Initializer) : Statement;

/// <summary>All bytes of a variable are zero: what an initialiser list does before its values.</summary>
internal sealed record ZeroFill(Variable Variable) : Statement;

/// <summary><c>static const</c>: numbers in the assembly's read-only data, and a pointer to them.</summary>
internal sealed record DeclareTable(Variable Variable, CArray Array, IReadOnlyList<Expression> Values)
    : Statement;

internal sealed record If(Expression Condition, Statement Then, Statement? Else) : Statement;

internal sealed record While(Expression Condition, Statement Body) : Statement;

internal sealed record DoWhile(Statement Body, Expression Condition) : Statement;

/// <summary>What comes before the first round is a statement before this one.</summary>
internal sealed record For(Expression? Condition, IReadOnlyList<Expression> Steps, Statement Body)
    : Statement;

internal sealed record Switch(Expression Value, IReadOnlyList<SwitchSection> Sections) : Statement;

/// <param name="Labels">None for a section that only <c>default</c> reaches.</param>
internal sealed record SwitchSection(
    IReadOnlyList<CaseLabel> Labels, bool HasDefault, IReadOnlyList<Statement> Body);

/// <summary>One value, or GNU C's range with both ends in it.</summary>
internal sealed record CaseLabel(Expression First, Expression Last);

internal sealed record Labeled(string Label, Statement Statement) : Statement;

internal sealed record Goto(string Label) : Statement;

internal sealed record Break : Statement;

internal sealed record Continue : Statement;

internal sealed record Return(Expression? Value) : Statement;

internal sealed record Nothing : Statement;
