namespace Garam.Operations.Groups;

/// <summary>
/// Where a reset sets a group: <c>start</c>, <c>end</c>, an offset, <c>@TIME</c> (the first record of that time or later), <c>-1h</c> (of that long
/// ago), <c>+N</c> or <c>-N</c> (that many records from where it is), <c>group:OTHER</c> (where another group is).
/// </summary>
public abstract record ResetTarget
{
    /// <exception cref="FormatException">The text is none of these; the message says what to write.</exception>
    public static ResetTarget Parse(string text) => throw new NotImplementedException();
}
