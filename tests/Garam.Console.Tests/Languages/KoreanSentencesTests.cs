using Garam.Console.Languages;
using Garam.Operations;
using Garam.Operations.Queries;
using Garam.Operations.Topics;

namespace Garam.Console.Tests.Languages;

public sealed class KoreanSentencesTests(SharedConsole console) : IClassFixture<SharedConsole>
{
    private static readonly Language Korean = Language.Of("ko");

    [Theory]
    [InlineData("value.total > ", "15번째 글자: value의 값이 필요합니다.")]
    [InlineData("status:PAID", "1번째 글자: status은(는) 필드가 아닙니다.")]
    [InlineData("a (b or", "8번째 글자: 텍스트나 필드가 필요합니다.")]
    [InlineData("a (b", "3번째 글자: 닫는 괄호가 없습니다.")]
    [InlineData("a) b", "2번째 글자: 여는 괄호가 없습니다.")]
    [InlineData("say \"hello", "5번째 글자: 여기서 시작한 문구를 닫는 따옴표가 없습니다.")]
    [InlineData("offset:ten", "8번째 글자: 정수 또는 1..9와 같은 범위가 필요합니다. 입력한 값: “ten”")]
    [InlineData("partition:..", "11번째 글자: 범위의 시작이나 끝 중 하나는 필요합니다(예: 1..9, 1.., ..9).")]
    [InlineData("timestamp > soon", "13번째 글자: 시각(예: 2026-02-14, 2026-02-14T09:30:00Z, ")]
    [InlineData("value > 5", "9번째 글자: value은(는) 텍스트이므로 대소를 비교할 수 없습니다.")]
    [InlineData("key > a*", "7번째 글자: 와일드카드는 대소 비교에 쓸 수 없습니다.")]
    [InlineData("value.total = 5", "13번째 글자: = 앞에 필드가 없습니다.")]
    [InlineData("*", "1번째 글자: 검색할 텍스트가 필요합니다.")]
    [InlineData("value.:x", "7번째 글자: 점(.) 뒤에 이름이 필요합니다.")]
    [InlineData("key:a\\", "7번째 글자: 역슬래시(\\) 뒤에 문자가 필요합니다.")]
    public void A_mistake_in_a_query_is_explained_in_Korean(string query, string korean) =>
        Korean.Sentence(Should.Throw<QuerySyntaxException>(() => RecordQuery.Parse(query)).Message).ShouldStartWith(korean);

    [Theory]
    [InlineData("topic ordres does not exist. Did you mean orders or order?", "토픽 ordres이(가) 존재하지 않습니다. orders 또는 order을(를) 찾으셨나요?")]
    [InlineData("topic a.b has no partition 7: it has 3, from 0.", "토픽 a.b에는 파티션 7번이 없습니다. 파티션은 0번부터 모두 3개입니다.")]
    [InlineData("1 letter cannot be sent: a is Kafka's own.", "데드 레터 1건을 전송할 수 없습니다: a은(는) Kafka 내부 토픽임.")]
    [InlineData("12 letters cannot be sent: a is Kafka's own.", "데드 레터 12건을 전송할 수 없습니다: a은(는) Kafka 내부 토픽임.")]
    public void What_differs_in_a_sentence_stays_as_it_is(string english, string korean) => Korean.Sentence(english).ShouldBe(korean);

    [Fact]
    public void Words_of_Kafka_are_quoted() =>
        Korean.Failure(new OperationException(FailureKind.Conflict, "topic a: Broker: Topic with this name already exists"))
            .ShouldBe("현재 상태에서는 처리할 수 없습니다. 원문: “topic a: Broker: Topic with this name already exists”");

    [Fact]
    public async Task A_page_that_fails_says_why_in_Korean()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/console/no-such-page");
        request.Headers.AcceptLanguage.ParseAdd("ko");
        using var answer = await console.Server.Http.SendAsync(request);
        (await answer.Content.ReadAsStringAsync()).ShouldContain("/console/no-such-page 페이지가 없습니다.");
    }

    [Fact]
    public void Settings_are_explained_in_Korean_and_unknown_ones_in_the_broker_s_words()
    {
        Korean.Meaning(Setting("retention.ms"))!.ShouldStartWith("레코드를 보존하는 기간");
        Korean.Meaning(Setting("new.setting")).ShouldBe("Its meaning.");
        Language.Of("en").Meaning(Setting("retention.ms")).ShouldBe("Its meaning.");
    }

    private static TopicConfig Setting(string name) => new(name, null, null, IsSet: false, ReadOnly: false, Sensitive: false, "Its meaning.");
}
