using Garam.Kafka.Tests.Golden;

namespace Garam.Kafka.Tests.Messages;

/// <summary>Every message in every version against the bytes that Apache Kafka's own serializers make of it.</summary>
public sealed class JavaSerializerTests
{
    private static readonly string[][] Vectors = [.. GoldenFile.Lines("java-serializers.txt")];

    [Fact]
    public void What_Kafka_wrote_is_read_and_written_again_byte_for_byte()
    {
        foreach (var (name, version, kind, hex) in Vectors.Select(Parse))
        {
            var type = MessageType.Named(name);
            var message = type.Read(Convert.FromHexString(hex), version);
            Convert.ToHexStringLower(type.Write(message, version)).ShouldBe(hex, $"{name} version {version}, {kind}");
        }
    }

    [Fact]
    public void There_is_a_vector_for_every_version_of_every_message()
    {
        var seen = Vectors.Select(Parse).Select(vector => (vector.Name, vector.Version)).ToHashSet();
        foreach (var type in MessageType.All)
        {
            foreach (var version in type.Versions())
            {
                seen.ShouldContain((type.Name, version));
            }
        }
    }

    private static (string Name, short Version, string Kind, string Hex) Parse(string[] words) =>
        (words[0], short.Parse(words[1]), words[2], words.Length > 3 ? words[3] : "");
}
