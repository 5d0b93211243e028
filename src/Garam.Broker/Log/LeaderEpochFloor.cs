using System.Globalization;
using System.Text;

namespace Garam.Broker.Log;

/// <summary><c>leader-epoch-floor</c>: the leader epoch that every partition of this data directory has reached. Ours alone: Kafka keeps epochs in its controller.</summary>
internal sealed class LeaderEpochFloor(Disk disk, string dataDirectory)
{
    private readonly string _path = Path.Combine(dataDirectory, "leader-epoch-floor");

    /// <summary>0 in a new directory.</summary>
    /// <exception cref="InvalidDataException">The file is damaged: an epoch that was used before would hide lost records from readers.</exception>
    public int Load()
    {
        if (!disk.Exists(_path))
        {
            return 0;
        }
        return disk.ReadLines(_path) is [var line] && int.TryParse(line, CultureInfo.InvariantCulture, out var epoch)
            ? epoch
            : throw new InvalidDataException($"'{_path}' holds no number; write one into it that is greater than every leader epoch in use");
    }

    public void Save(int epoch) => disk.Replace(_path, Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{epoch}\n")), sync: true);
}
