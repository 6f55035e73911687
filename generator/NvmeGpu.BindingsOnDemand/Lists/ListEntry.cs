namespace NvmeGpu.BindingsOnDemand.Lists;

/// <summary>One line of NativeMethods.txt that says something.</summary>
/// <param name="Text">As it stands there, without comment and blanks around it; blanks inside are
/// single.</param>
/// <param name="Pattern">The name or pattern: without the sign of an exclude.</param>
internal sealed record ListEntry(string Text, string Pattern, bool IsExclude, Place Place)
{
    public bool IsGlob => Glob.IsGlob(Pattern);
}
