namespace Garam.Console.Languages;

/// <summary>What the settings of topics do, in Korean: the texts of the operations are English.</summary>
internal static class KoreanConfigs
{
    private static readonly IReadOnlyDictionary<string, string> Texts = new Dictionary<string, string>
    {
        ["cleanup.policy"] = "오래된 레코드를 정리하는 방식입니다. delete는 보존 기간과 크기에 따라 삭제하고, compact는 키별로 최신 레코드만 남기며, 둘을 함께 지정할 수 있습니다.",
        ["compression.gzip.level"] = "compression.type이 gzip일 때의 압축 수준(1~9)입니다. -1은 기본 수준입니다.",
        ["compression.lz4.level"] = "compression.type이 lz4일 때의 압축 수준입니다.",
        ["compression.type"] = "배치를 저장하는 압축 방식입니다. producer는 프로듀서가 보낸 그대로 저장하고, 코덱을 지정하면 브로커가 다시 압축합니다.",
        ["compression.zstd.level"] = "compression.type이 zstd일 때의 압축 수준입니다.",
        ["delete.retention.ms"] = "컴팩션 후 툼스톤을 유지하는 시간(밀리초)입니다. 느린 컨슈머도 삭제를 확인할 수 있게 합니다.",
        ["file.delete.delay.ms"] = "삭제된 세그먼트의 파일을 디스크에서 지우기까지의 지연 시간(밀리초)입니다.",
        ["flush.messages"] = "디스크에 동기화(fsync)하는 레코드 간격입니다. 1이면 응답한 레코드는 전원이 끊겨도 유실되지 않습니다.",
        ["flush.ms"] = "디스크에 동기화(fsync)하는 시간 간격(밀리초)입니다.",
        ["follower.replication.throttled.replicas"] = "팔로워 쪽 복제 속도를 제한할 복제본입니다. 파티션:브로커,... 형식 또는 *로 지정합니다.",
        ["index.interval.bytes"] = "인덱스 항목을 추가하는 로그 간격(바이트)입니다.",
        ["leader.replication.throttled.replicas"] = "리더 쪽 복제 속도를 제한할 복제본입니다. 파티션:브로커,... 형식 또는 *로 지정합니다.",
        ["local.retention.bytes"] = "원격 스토리지를 사용할 때 로컬 디스크에 유지할 파티션당 크기(바이트)입니다. -2는 retention.bytes와 같습니다.",
        ["local.retention.ms"] = "원격 스토리지를 사용할 때 로컬 디스크에 유지할 기간(밀리초)입니다. -2는 retention.ms와 같습니다.",
        ["max.compaction.lag.ms"] = "레코드가 컴팩션 대상이 되기까지의 최대 시간(밀리초)입니다.",
        ["max.message.bytes"] = "토픽이 받는 레코드 배치의 최대 크기(압축 후 바이트)입니다.",
        ["message.timestamp.after.max.ms"] = "레코드 시각이 브로커 시각보다 미래일 수 있는 최대 범위(밀리초)입니다.",
        ["message.timestamp.before.max.ms"] = "레코드 시각이 브로커 시각보다 과거일 수 있는 최대 범위(밀리초)입니다.",
        ["message.timestamp.type"] = "레코드 시각의 기준입니다. CreateTime은 프로듀서가 지정한 시각, LogAppendTime은 브로커가 기록한 시각입니다.",
        ["min.cleanable.dirty.ratio"] = "로그에서 아직 컴팩션되지 않은 비율이 이 값(0~1)에 이르면 컴팩션을 시작합니다.",
        ["min.compaction.lag.ms"] = "레코드를 컴팩션하지 않고 유지하는 최소 시간(밀리초)입니다.",
        ["min.insync.replicas"] = "acks=all 요청에 응답하기 전에 레코드를 기록해야 하는 최소 복제본 수입니다.",
        ["preallocate"] = "세그먼트를 만들 때 디스크 공간을 미리 할당합니다.",
        ["remote.log.copy.disable"] = "원격 스토리지로의 복사를 중지합니다.",
        ["remote.log.delete.on.disable"] = "원격 스토리지를 해제할 때 원격 데이터를 삭제합니다.",
        ["remote.storage.enable"] = "오래된 세그먼트를 원격 스토리지로 옮깁니다.",
        ["retention.bytes"] = "파티션이 이 크기(바이트)를 넘으면 오래된 세그먼트부터 삭제합니다. -1은 제한 없음입니다.",
        ["retention.ms"] = "레코드를 보존하는 기간(밀리초)입니다. 모든 레코드가 이 기간을 넘긴 세그먼트를 삭제합니다. -1은 제한 없음입니다.",
        ["segment.bytes"] = "세그먼트를 닫고 새로 여는 크기(바이트)입니다. 닫힌 세그먼트만 정리 대상이 됩니다.",
        ["segment.index.bytes"] = "세그먼트 인덱스의 최대 크기(바이트)입니다.",
        ["segment.jitter.ms"] = "여러 로그가 동시에 새 세그먼트를 열지 않도록 segment.ms에서 무작위로 빼는 최대 시간(밀리초)입니다.",
        ["segment.ms"] = "크기와 관계없이 새 세그먼트를 여는 시간 간격(밀리초)입니다.",
        ["unclean.leader.election.enable"] = "동기화된 복제본이 없을 때 동기화되지 않은 복제본도 리더가 될 수 있게 합니다. 가용성은 높아지지만 레코드가 유실될 수 있습니다.",
    };

    public static string? Of(string config) => Texts.GetValueOrDefault(config);
}
