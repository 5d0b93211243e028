using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;

namespace Garam.Records;

/// <summary>Lines of stdin as the bytes that they are: a value need not be text. They end with a line feed; the last one may lack it.</summary>
internal static class InputLines
{
    public static async IAsyncEnumerable<byte[]> ReadAsync(Stream input, [EnumeratorCancellation] CancellationToken ct)
    {
        var reader = PipeReader.Create(input, new StreamPipeReaderOptions(leaveOpen: true));
        while (true)
        {
            // A read of a terminal or a pipe cannot be cancelled: it is left behind.
            var result = await reader.ReadAsync(CancellationToken.None).AsTask().WaitAsync(ct);
            var buffer = result.Buffer;
            while (buffer.PositionOf((byte)'\n') is { } end)
            {
                yield return buffer.Slice(0, end).ToArray();
                buffer = buffer.Slice(buffer.GetPosition(1, end));
            }

            if (result.IsCompleted)
            {
                if (!buffer.IsEmpty)
                    yield return buffer.ToArray();
                yield break;
            }

            reader.AdvanceTo(buffer.Start, result.Buffer.End);
        }
    }

    public static async Task<byte[]> ReadAllAsync(Stream input, CancellationToken ct)
    {
        using var all = new MemoryStream();
        await input.CopyToAsync(all, CancellationToken.None).WaitAsync(ct);
        return all.ToArray();
    }
}
