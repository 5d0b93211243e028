using System.Reflection;
using Garam.Broker.Apis;
using Garam.Kafka;
using Garam.Kafka.Tests.Messages;

namespace Garam.Fuzz.Requests;

/// <summary>Valid frames of every version of every API that the broker serves: written by ourselves with filled fields, and captured from real clients.</summary>
internal sealed class RequestCorpus
{
    private const int FramesPerVersion = 4;

    private readonly Random _random;
    private readonly RequestFiller _filler;
    private readonly List<(Api Api, byte[][][] ByVersion)> _frames = [];

    public RequestCorpus(Random random, IReadOnlyList<Api> apis, RequestFiller filler)
    {
        _random = random;
        _filler = filler;
        var captured = Captured().ToLookup(frame => (frame.Api, frame.Version), frame => frame.Bytes);
        foreach (var api in apis)
        {
            var versions = Enumerable.Range(api.MinVersion, api.MaxVersion - api.MinVersion + 1).Select(version => (short)version);
            _frames.Add((api, [.. versions.Select(version => Frames(api, version, [.. captured[((int)api.Key, version)]]))]));
        }
    }

    /// <summary>An API, then a version of it, then a frame: rare versions are tried as often as common ones.</summary>
    public byte[] Any()
    {
        var (api, byVersion) = _frames[_random.Next(_frames.Count)];
        var version = _random.Next(byVersion.Length);
        var frames = byVersion[version];
        var index = _random.Next(frames.Length);
        // Made anew now and then, with what was learned from answers in the meantime.
        if (index < FramesPerVersion && _random.Next(6) == 0) frames[index] = Make(api, (short)(api.MinVersion + version));
        return frames[index];
    }

    private byte[][] Frames(Api api, short version, byte[][] captured) =>
        [.. Enumerable.Range(0, FramesPerVersion).Select(_ => Make(api, version)), .. captured];

    private byte[] Make(Api api, short version)
    {
        var type = MessageType.Named($"{api.Key}Request").ClrType;
        return FuzzBroker.Frame(api.Key, version, (IMessage)_filler.Fill(type));
    }

    private static IEnumerable<(int Api, short Version, byte[] Bytes)> Captured()
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream("client-frames.txt")!;
        using var reader = new StreamReader(stream);
        foreach (var line in reader.ReadToEnd().Split('\n'))
        {
            if (line.Split(' ') is [not "#", var api, var version, "request", var bytes]) yield return (int.Parse(api), short.Parse(version), Convert.FromHexString(bytes));
        }
    }
}
