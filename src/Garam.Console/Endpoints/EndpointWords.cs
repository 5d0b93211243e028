using Garam.Console.Languages;
using Garam.Messaging.Health;

namespace Garam.Console.Endpoints;

/// <summary>What an endpoint is doing, in a word and a colour.</summary>
internal static class EndpointWords
{
    public static string Level(this EndpointState endpoint) => endpoint switch
    {
        _ when endpoint.Partitions.Any(partition => partition.State is PartitionActivity.Held) => "bad",
        _ when endpoint.WaitingFor is not null || endpoint.Partitions.Any(partition => partition.State is PartitionActivity.Waiting) => "warn",
        { Partitions.Count: 0 } => "idle",
        _ => "ok",
    };

    public static string Word(this EndpointState endpoint, Language language) => endpoint switch
    {
        { WaitingFor: not null } => language["waiting", "대기 중"],
        { Partitions.Count: 0 } => language["no partitions", "파티션 없음"],
        _ => endpoint.Partitions.MaxBy(partition => Badness(partition.State))!.State.Word(language),
    };

    public static string Word(this PartitionActivity activity, Language language) => activity switch
    {
        PartitionActivity.Running => language["running", "실행 중"],
        PartitionActivity.Waiting => language["waiting", "대기 중"],
        PartitionActivity.Paused => language["paused", "일시 정지"],
        PartitionActivity.Held => language["held", "보류 중"],
        _ => language["handing over", "인계 중"],
    };

    public static string Level(this PartitionActivity activity) => activity switch
    {
        PartitionActivity.Running => "ok",
        PartitionActivity.Held => "bad",
        PartitionActivity.Waiting => "warn",
        _ => "idle",
    };

    /// <summary>The name of the exception without its namespace, which the title tells.</summary>
    public static string ShortName(this EndpointFailure failure) => failure.Exception[(failure.Exception.LastIndexOf('.') + 1)..];

    private static int Badness(PartitionActivity activity) => activity switch
    {
        PartitionActivity.Held => 4,
        PartitionActivity.Waiting => 3,
        PartitionActivity.Paused => 2,
        PartitionActivity.Draining => 1,
        _ => 0,
    };
}
