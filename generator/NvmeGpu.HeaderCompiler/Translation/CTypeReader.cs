using NvmeGpu.HeaderCompiler.Clang;
using NvmeGpu.HeaderCompiler.Model;
using NvmeGpu.HeaderCompiler.Reading;

namespace NvmeGpu.HeaderCompiler.Translation;

/// <summary>clang's types as the translator's; what has no C# form is refused where it is used.</summary>
internal sealed class CTypeReader(TypeReader types)
{
    public CType Read(CXType type, SourceLocation location)
    {
        CXType canonical = type.Canonical();
        switch (canonical.Kind)
        {
            case TypeKind.Void:
                return CVoid.Instance;
            case TypeKind.Bool:
                return CBool.Instance;
            case TypeKind.CharS or TypeKind.SChar or TypeKind.Short or TypeKind.Int or TypeKind.Long
                or TypeKind.LongLong or TypeKind.WChar:
                return new CInteger((PrimitiveType)Form(type, location), IsSigned: true);
            // Plain char may be unsigned (aarch64) and is an sbyte in C# all the same.
            case TypeKind.CharU or TypeKind.UChar or TypeKind.UShort or TypeKind.UInt or TypeKind.ULong
                or TypeKind.ULongLong:
                return new CInteger((PrimitiveType)Form(type, location), IsSigned: false);
            case TypeKind.Float or TypeKind.Double:
                return new CFloat((PrimitiveType)Form(type, location));
            case TypeKind.Enum:
                return Form(type, location) switch
                {
                    EnumType { Enum: var model } => new CEnum(model),
                    NativeType nameless => new CInteger(
                        (PrimitiveType)nameless,
                        IsSigned: ((PrimitiveType)nameless).Keyword is "int" or "long" or "short" or "sbyte"),
                };
            case TypeKind.Record:
                return ReadRecord(type, canonical, location);
            case TypeKind.Pointer:
                return ReadPointer(type, canonical, location);
            case TypeKind.FunctionProto or TypeKind.FunctionNoProto:
                return ReadFunction(canonical, location);
            case TypeKind.ConstantArray:
                return new CArray(
                    Read(LibClang.clang_getArrayElementType(canonical), location),
                    LibClang.clang_getArraySize(canonical),
                    Form(canonical, location));
            case TypeKind.IncompleteArray:
                return new CArray(
                    Read(LibClang.clang_getArrayElementType(canonical), location), 0,
                    Form(canonical, location));
            case TypeKind.VariableArray:
                throw new RefusedException("array of variable length", location);
            case TypeKind.Atomic:
                throw new RefusedException("_Atomic", location);
            default:
                throw new RefusedException(type.Spelling(), location);
        }
    }

    private CRecord ReadRecord(CXType type, CXType canonical, SourceLocation location) =>
        Form(type, location) is RecordType { Record: var record }
            ? new CRecord(record, canonical)
            : throw new RefusedException(type.Spelling(), location);

    private CType ReadPointer(CXType type, CXType canonical, SourceLocation location)
    {
        CXType target = LibClang.clang_getPointeeType(canonical);
        if (target.Kind is TypeKind.FunctionProto or TypeKind.FunctionNoProto)
        {
            // A variadic one has no C# form but void*: it can be passed on, not called.
            return Form(type, location) is FunctionPointerType
                ? ReadFunction(target, location)
                : new CPointer(CVoid.Instance, Form(type, location));
        }
        // The pointee's typedef decides its C# form, so not the canonical type if there is a choice.
        CXType spelled = LibClang.clang_getPointeeType(type);
        return new CPointer(
            Read(spelled.Kind == TypeKind.Invalid ? target : spelled, location), Form(type, location));
    }

    private CFunctionPointer ReadFunction(CXType type, SourceLocation location)
    {
        if (LibClang.clang_isFunctionTypeVariadic(type) != 0 && type.Kind == TypeKind.FunctionProto)
        {
            throw new RefusedException("variadic function", location);
        }
        var form = (FunctionPointerType)Guard(() => types.ReadFunction(type), location);
        var parameters = new CType[form.Parameters.Count];
        for (int i = 0; i < parameters.Length; i++)
        {
            parameters[i] = Read(LibClang.clang_getArgType(type, (uint)i), location);
        }
        return new CFunctionPointer(
            form, Read(LibClang.clang_getResultType(type), location), new CList<CType>(parameters));
    }

    private NativeType Form(CXType type, SourceLocation location) => Guard(() => types.Read(type), location);

    private static NativeType Guard(System.Func<NativeType> read, SourceLocation location)
    {
        try
        {
            return read();
        }
        catch (UnsupportedTypeException unsupported)
        {
            throw new RefusedException(unsupported.Message, location);
        }
    }
}
