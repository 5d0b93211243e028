using Garam.Messaging.Health;

namespace Garam.Messaging.Tests.Health;

public sealed class HandlerNameTests
{
    [Fact]
    public void A_handler_is_called_what_a_reader_of_the_source_would_look_for()
    {
        var captured = 1;
        HandlerName.Of(Charge).ShouldBe("HandlerNameTests.Charge");
        HandlerName.Of((int order, string key) => { }).ShouldBe($"(Int32 order, String key) in HandlerNameTests.{nameof(A_handler_is_called_what_a_reader_of_the_source_would_look_for)}");
        HandlerName.Of((int order) => captured += order).ShouldBe($"(Int32 order) in HandlerNameTests.{nameof(A_handler_is_called_what_a_reader_of_the_source_would_look_for)}");
        HandlerName.Of(Local).ShouldBe("HandlerNameTests.Local");
        HandlerName.Of(TopLevel()).ShouldBe("(Int32 order) in HandlerNameTests.TopLevel");

        static void Local(int order)
        {
        }
    }

    private static Delegate TopLevel() => (int order) => { };

    private static void Charge(int order)
    {
    }
}
