using Garam.CommandLine;
using Garam.Console.Outboxes;

namespace Garam.Outboxes;

/// <summary>Prints messages of outboxes. Apart from the command, which is built for every call and must not load the platform's
/// types.</summary>
internal static class OutboxList
{
    public static async Task<int> PrintAsync(OutboxClient client, string? only, bool all, int limit, OutputFormat shape, CancellationToken ct)
    {
        using (client)
        {
            var rows = new List<OutboxRowView>();
            var isCut = false;
            foreach (var outbox in await NamesAsync(client, only, ct))
            {
                var messages = await client.MessagesAsync(outbox, all, 0, limit, ct);
                isCut |= messages.Count == limit;
                rows.AddRange(messages.Select(message => new OutboxRowView(outbox, message)));
            }

            Output.Print(shape, rows,
                ("OUTBOX", row => row.Outbox), ("ID", row => row.Message.Id), ("STATE", row => row.Message.State.ToString().ToLowerInvariant()),
                ("TOPIC", row => row.Message.Topic), ("KEY", row => row.Message.Key), ("BYTES", row => row.Message.Bytes),
                ("WRITTEN (UTC)", row => row.Message.WrittenAt?.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", System.Globalization.CultureInfo.InvariantCulture)),
                ("ATTEMPTS", row => row.Message.Attempts), ("REASON", row => row.Message.Reason));
            if (isCut)
                Talk.Say($"the first {limit} messages of an outbox are shown: there may be more (--limit).");
            return ExitCode.Ok;
        }
    }

    private static async Task<IReadOnlyList<string>> NamesAsync(OutboxClient client, string? only, CancellationToken ct) =>
        only is not null ? [only] : [.. (await client.AllAsync(ct)).Select(outbox => outbox.Name)];

    /// <summary>A message and where it is.</summary>
    internal sealed record OutboxRowView(string Outbox, OutboxMessageView Message);
}
