using Garam.CommandLine;
using Garam.Operations.Connections;
using Garam.Operations.Messages;

namespace Garam.Records;

/// <summary>One run of <c>consume --order</c>: what the console's page of records shows for the same request, which ends where the topic ended when it began.</summary>
internal sealed class OrderedConsumption(BrowseRequest request)
{
    public async Task<int> RunAsync(KafkaConnection kafka, RecordOutput output, CancellationToken ct)
    {
        using var messages = new MessageOperations(kafka);
        try
        {
            await foreach (var next in messages.BrowseAsync(request, ct))
            {
                if (next is not BrowseEvent.Rows rows)
                    continue;
                foreach (var record in rows.Records)
                    output.Write(record);
                output.Flush();
            }

            output.End();
            ct.ThrowIfCancellationRequested();
            return ExitCode.Ok;
        }
        catch (IOException exception) when (RecordOutput.IsClosedPipe(exception))
        {
            return ExitCode.Ok;          // `garam consume t --order newest | head` has what it wanted
        }
    }
}
