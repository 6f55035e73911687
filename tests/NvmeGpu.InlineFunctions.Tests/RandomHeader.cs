using System;
using System.IO;
using System.Linq;
using System.Text;

namespace NvmeGpu.InlineFunctions.Tests;

/// <summary>
/// C functions of random statements over all integer types, enums, <c>_Bool</c>, bit-fields, floating point,
/// arrays and structs. Defined for all arguments, given -fwrapv: shift counts are masked, divisors are
/// neither 0 nor -1, loops are bounded, every variable has a value, and an expression has at most one effect,
/// whose place it does not read again.
/// </summary>
internal sealed class RandomHeader(int seed)
{
    private const int FunctionCount = 40;

    private static readonly string[] s_integers =
    [
        "_Bool", "char", "signed char", "unsigned char", "short", "unsigned short", "int", "unsigned", "long",
        "unsigned long", "long long", "unsigned long long", "enum plain", "enum negative",
    ];

    // Fields of struct all, which r points to; those behind the bar are bit-fields.
    private static readonly string[] s_fields =
    [
        "r->b", "r->c", "r->sc", "r->uc", "r->s", "r->us", "r->i", "r->u", "r->l", "r->ul", "r->ll", "r->ull",
        "r->p", "r->n",
        "r->cells[2]", "r->in.x", "r->in.y", "r->low", "r->high",
        "r->u3", "r->s5", "r->u17", "r->s31", "r->u32", "r->l20", "r->b1", "r->e2",
    ];

    private readonly Random _random = new(seed);
    private int _locals;

    public static void Write(int seed, string path) => File.WriteAllText(path, new RandomHeader(seed).Text());

    private string Text()
    {
        var text = new StringBuilder("""
            enum plain { PLAIN_ZERO, PLAIN_ONE, PLAIN_MANY = 200 };
            enum negative { NEGATIVE_LOW = -5, NEGATIVE_ZERO = 0, NEGATIVE_HIGH = 70 };
            struct inner { short x; unsigned y; };
            struct all {
                _Bool b; char c; signed char sc; unsigned char uc; short s; unsigned short us; int i; unsigned u;
                long l; unsigned long ul; long long ll; unsigned long long ull; enum plain p; enum negative n;
                int cells[4]; struct inner in; union { struct { unsigned short low; signed char high; }; int both; };
                unsigned u3 : 3; int s5 : 5; unsigned u17 : 17; int s31 : 31; unsigned u32 : 32; long l20 : 20; _Bool b1 : 1;
                enum plain e2 : 2; unsigned long w40 : 40; long w33 : 33; unsigned long long w63 : 63;
                float f; double d;
            };

            """);
        for (int i = 0; i < FunctionCount; i++)
        {
            _locals = 0;
            string result = Pick(s_integers);
            string parameters =
                string.Join(", ", Enumerable.Range(0, 4).Select(n => $"{Pick(s_integers)} a{n}"));
            text.Append($"static inline {result} random_{i}(struct all *r, {parameters}, double d)\n{{\n");
            text.Append($"\tlong t = 0;\n\tint x[4] = {{ 3, -1, a0 + {Constant()} }};\n\tstruct inner in = "
                + $"{{ .y = a1 ^ {Constant()} }};\n");
            for (int n = 0; n < 7; n++)
            {
                text.Append('\t').Append(Statement(2)).Append('\n');
            }
            text.Append($"\tgoto end;\n\tt ^= 1;\nend:\n\treturn t + x[1] + in.x + {Value(3)};\n}}\n");
        }
        return text.ToString();
    }

    private string Pick(string[] items) => items[_random.Next(items.Length)];

    private string Place() => _random.Next(6) switch
    {
        0 => $"a{_random.Next(4)}",
        1 => $"x[{Value(1)} & 3]",
        2 => Pick(["in.x", "in.y", "t", "r->in.x"]),
        _ => Pick(s_fields),
    };

    // No effects.
    private string Value(int depth)
    {
        if (depth == 0)
        {
            return _random.Next(4) == 0 ? Constant() : Place0();
        }
        string one = Value(depth - 1);
        string two = Value(depth - 1);
        switch (_random.Next(14))
        {
            case 0:
                return $"({one} {Pick(["<<", ">>"])} ({two} & 7))";
            case 1:
                return $"(({one} + 0) {Pick(["/", "%"])} (({two} & 63) + 1))"; // never 0, never -1
            case 2:
                return $"({one} {Pick(["<", ">", "<=", ">=", "==", "!="])} {two})";
            case 3:
                return $"({one} {Pick(["&&", "||"])} {two})";
            case 4:
                return $"({one} ? {two} : {Value(depth - 1)})";
            case 5:
                return $"({one} ?: {two})";
            case 6:
                return $"({Pick(["-", "~", "!", "+", "!!"])} {one})";
            case 7:
                return $"(({Pick(s_integers)}){one})";
            case 8:
                return $"({one}, {two})";
            case 9:
                string type = Pick(s_integers);
                string name = $"v{_locals++}";
                return $"({{ {type} {name} = {one}; {Pick(["", $"{name} += 3; ", $"{name}--; "])}{name} ^ "
                    + $"{two}; }})";
            case 10:
                return $"((struct inner){{ {one}, {two} }}).{Pick(["x", "y"])}";
            case 11:
                return $"((long long)r->{Pick(["w40", "w33", "w63"])} + {one})";
            default:
                return $"({one} {Pick(["+", "-", "*", "&", "|", "^"])} {two})";
        }
    }

    private string Place0() => _random.Next(3) == 0
        ? Pick(["t", "x[1]", "x[a0 & 3]", "in.x", "in.y", "a0", "a1", "a2", "a3"])
        : _random.Next(2) == 0 ? $"a{_random.Next(4)}" : Pick(s_fields);

    private string Constant() => Pick(
    [
        "0", "1", "-1", "5u", "255", "-128", "'a'", "'\\xff'", "65536", "0x7fffffff", "(-2147483647 - 1)",
        "0xffffffff",
        "1L << 40", "-5l", "0x8000000000000000", "~0ull", "PLAIN_ONE", "NEGATIVE_LOW", "sizeof(struct inner)",
    ]) is var constant && constant.Contains(' ', StringComparison.Ordinal) ? $"({constant})" : constant;

    private string Statement(int depth)
    {
        switch (_random.Next(depth > 0 ? 13 : 6))
        {
            case 0:
                return $"{Place()} = {Value(3)};";
            case 1:
                return $"{Place()} {Pick(["+=", "-=", "*=", "&=", "|=", "^="])} {Value(2)};";
            case 2:
                return $"{Place()} {Pick(["<<=", ">>="])} {Value(2)} & 7;";
            case 3:
                return $"{Place()} {Pick(["/=", "%="])} ({Value(2)} & 63) + 1;";
            case 4:
                // The value of an effect, whose place nothing else reads.
                string field = Pick([.. s_fields.Skip(14)]);
                return $"t = {Pick([$"{field}++", $"--{field}", $"{field} = {Value(1)}", $"{field} += "
                    + $"{Value(1)}", $"{field} ^= {Value(1)}"])};";
            case 5:
                return $"r->{Pick(["w40", "w33", "w63"])} {Pick(["=", "+=", "-=", "^=", "*="])} {Value(2)};";
            case 6:
                return $"if ({Value(2)}) {{ {Statement(depth - 1)} }} else {Statement(depth - 1)}";
            case 7:
                string i = $"i{_locals++}";
                return $"for (int {i} = 0; {i} < 5 && {Value(1)} != 77; {i}++) {{ {Statement(depth - 1)} if "
                    + $"({Value(1)}) {Pick(["continue", "break"])}; {Statement(depth - 1)} }}";
            case 8:
                string n = $"i{_locals++}";
                return $"{{ int {n} = 0; do {{ {Statement(depth - 1)} if ({Value(1)}) continue; t++; }} "
                    + $"while (({n}++, {n} < 4) && {Value(1)}); }}";
            case 9:
                return $"switch ({Value(2)}) {{ case 0: {Statement(depth - 1)} case 1: "
                    + $"{Statement(depth - 1)} break; "
                    + $"case -1: {Statement(depth - 1)} default: {Statement(depth - 1)} case 5 ... 300: t += "
                    + $"3; }}";
            case 10:
                return $"if ({Value(2)}) goto end;";
            case 11:
                string p = $"p{_locals++}";
                return $"{{ struct inner *{p} = &in, copy{p} = r->in; {p}->x += copy{p}.y; in = "
                    + $"*{Pick(["&r->in", "&copy" + p])}; r->in = copy{p}; }}";
            default:
                return $"r->d = (double)({Value(1)}) * 0.5 + (float)({Value(1)}) - d; r->f = "
                    + $"(float)({Value(1)}); if (r->d > -1e9 && r->d < 1e9) t += (int)r->d;";
        }
    }
}
