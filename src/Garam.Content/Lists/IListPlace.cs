namespace Garam.Content.Lists;

/// <summary>
/// A post's place in an ordered list, by which reading goes on after it. It is made of the post alone, never of a count, so that it
/// holds while other posts come and go. Its text is the list's cursor.
/// </summary>
internal interface IListPlace<TSelf> : IParsable<TSelf>
    where TSelf : IListPlace<TSelf>
{
    /// <summary>The place before the first post.</summary>
    static abstract TSelf Top { get; }

    long PostId { get; }
}
