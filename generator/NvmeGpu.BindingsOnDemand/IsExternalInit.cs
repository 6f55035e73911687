#pragma warning disable IDE0130 // the compiler looks for this type in this namespace
namespace System.Runtime.CompilerServices;

/// <summary>What records ask for and netstandard2.0 lacks.</summary>
internal static class IsExternalInit;
