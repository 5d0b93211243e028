using System.Runtime.CompilerServices;
using System.Text;

namespace Garam.Content.Import;

/// <summary>Lines of a text whose length is bounded. A carriage return before a line's end is part of the line.</summary>
internal static class BoundedLines
{
    private const int BlockLength = 32 * 1024;

    /// <summary>Null stands for a line that is longer than <paramref name="maxLength"/> characters: it is read and dropped.</summary>
    public static async IAsyncEnumerable<string?> ReadAsync(TextReader reader, int maxLength, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var block = new char[BlockLength];
        var line = new StringBuilder();
        var isTooLong = false;
        while (await reader.ReadAsync(block, cancellationToken).ConfigureAwait(false) is > 0 and var length)
        {
            for (var rest = block.AsMemory(0, length); !rest.IsEmpty;)
            {
                var end = rest.Span.IndexOf('\n');
                var part = end < 0 ? rest : rest[..end];
                isTooLong |= line.Length + part.Length > maxLength;
                line.Append(isTooLong ? default : part.Span);
                rest = end < 0 ? default : rest[(end + 1)..];
                if (end >= 0)
                {
                    yield return isTooLong ? null : line.ToString();
                    line.Clear();
                    isTooLong = false;
                }
            }
        }

        if (isTooLong || line.Length > 0)
        {
            yield return isTooLong ? null : line.ToString();
        }
    }
}
