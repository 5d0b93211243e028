namespace System.Runtime.CompilerServices;

/// <summary>The compiler asks for this type where a property is set once; netstandard2.0, which analyzers must target, lacks it.</summary>
internal static class IsExternalInit;
