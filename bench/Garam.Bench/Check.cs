using System.Diagnostics.CodeAnalysis;

namespace Garam.Bench;

/// <summary>Speed counts only where the answers are right.</summary>
internal static class Check
{
    /// <exception cref="WrongAnswerException">It is not so.</exception>
    public static void That([DoesNotReturnIf(false)] bool isSo, string otherwise)
    {
        if (!isSo) throw new WrongAnswerException(otherwise);
    }
}

/// <summary>A server did not answer as it should: what was measured is worth nothing.</summary>
internal sealed class WrongAnswerException(string message) : InvalidOperationException(message);
