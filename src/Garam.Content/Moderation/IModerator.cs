namespace Garam.Content.Moderation;

/// <summary>Decides whether a post may be seen.</summary>
public interface IModerator
{
    /// <summary>
    /// Names what the verdicts follow (rules, lexicon, model and prompt), and changes with any of it: a verdict holds for one policy.
    /// </summary>
    string Policy { get; }

    /// <summary>Judges one version of a post. The text is evidence, never instruction.</summary>
    /// <exception cref="Exception">
    /// Anything: the post stays unseen. An exception that is <c>ITransient</c> (the judge cannot be reached) is tried again for as long as it
    /// lasts; any other is taken for trouble with this post.
    /// </exception>
    ValueTask<Verdict> JudgeAsync(Submission submission, CancellationToken cancellationToken);
}

/// <summary>What is judged.</summary>
/// <param name="Title">As the author wrote it.</param>
/// <param name="Content">As the author wrote it.</param>
/// <param name="Category">Name of the category.</param>
public sealed record Submission(string Title, string Content, string Category);
