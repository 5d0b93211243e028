using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Reflection;
using Garam.Broker;
using Garam.Conformance.Differential;
using Garam.Kafka;
using Garam.Kafka.Messages;

namespace Garam.Conformance;

/// <summary>
/// Frames of real clients with a few bytes changed: most are requests that can be read and make no sense. Every one of them is answered
/// or costs its own connection; none is a failure that the broker did not foresee.
/// </summary>
public sealed class DamagedFramesTests
{
    private const int VariantsPerFrame = 30;

    /// <summary>Behind the api key, the version and the correlation id: the damage is to the contents, not to the kind of request.</summary>
    private const int HeaderSize = 8;

    [Fact]
    public async Task A_request_that_makes_no_sense_is_answered_or_closes_its_connection()
    {
        var errors = new ErrorLog();
        await using var broker = await KafkaBroker.StartAsync(new KafkaBrokerOptions { LoggerFactory = errors });
        await using var client = await RawClient.ConnectAsync(broker.BootstrapServers);
        foreach (var topic in (string[])["golden", "golden-js", "golden-java"])
        {
            await client.CreateTopicAsync(topic, partitions: 2);
        }

        var random = new Random(20261121);
        foreach (var frame in RequestFrames())
        {
            for (var i = 0; i < VariantsPerFrame; i++)
            {
                await SendAndCloseAsync(broker.BootstrapServers, Damaged(frame, random));
            }
        }

        string.Join('\n', errors.Lines).ShouldBeEmpty();
        (await client.AskAsync<ApiVersionsRequest, ApiVersionsResponse>(new(), 0)).ErrorCode.ShouldBe(ErrorCode.None);
    }

    private static List<byte[]> RequestFrames()
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream("client-frames.txt").ShouldNotBeNull();
        using var reader = new StreamReader(stream);
        return [.. reader.ReadToEnd().Split('\n')
            .Select(line => line.Split(' '))
            .Where(words => words is [_, _, _, "request", _])
            .Select(words => Convert.FromHexString(words[4]))
            .Where(frame => frame.Length > HeaderSize)];
    }

    /// <summary>The frame with its size in front and one to three places overwritten: a random byte, or an integer at an edge of its range.</summary>
    private static byte[] Damaged(byte[] frame, Random random)
    {
        var damaged = new byte[sizeof(int) + frame.Length];
        BinaryPrimitives.WriteInt32BigEndian(damaged, frame.Length);
        frame.CopyTo(damaged, sizeof(int));
        for (var places = random.Next(1, 4); places > 0; places--)
        {
            var at = damaged.AsSpan(sizeof(int) + random.Next(HeaderSize, frame.Length));
            if (at.Length < sizeof(int) || random.Next(2) == 0)
            {
                at[0] = (byte)random.Next(256);
            }
            else
            {
                BinaryPrimitives.WriteInt32BigEndian(at, random.Next(4) switch { 0 => -1, 1 => int.MaxValue, 2 => int.MinValue, _ => 0 });
            }
        }
        return damaged;
    }

    /// <summary>Sends the frame and then the end of the stream, and reads until the broker has closed its side too.</summary>
    private static async Task SendAndCloseAsync(string bootstrapServers, byte[] frame)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(TimeSpan.FromSeconds(30));
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPEndPoint.Parse(bootstrapServers), patience.Token);
        try
        {
            await socket.SendAsync(frame, patience.Token);
            socket.Shutdown(SocketShutdown.Send);
            var answer = new byte[4096];
            while (await socket.ReceiveAsync(answer, patience.Token) > 0)
            {
            }
        }
        catch (SocketException)
        {
            // Closed before everything was sent or read: as good as closed afterwards.
        }
    }
}
