using System.Text;
using Garam.Messaging.Endpoints;
using Garam.Messaging.Failures;

namespace Garam.Messaging.Tests.Failures;

public sealed class DeadLetterHeadersTests
{
    [Fact]
    public void The_stack_says_where_it_was_thrown_and_what_caused_it()
    {
        var stack = StackOf(new InvalidOperationException("outer", Thrown(new InvalidDataException("inner"))));
        stack.ShouldContain("outer");
        stack.ShouldContain(typeof(InvalidDataException).FullName!);
        stack.ShouldContain(nameof(Thrown));
    }

    [Fact]
    public void The_stack_is_bounded_and_ends_with_a_whole_character()
    {
        var stack = StackOf(new InvalidDataException(new string('가', 10_000)));
        Encoding.UTF8.GetByteCount(stack).ShouldBeInRange(DeadLetterHeaders.MaxStackBytes - 2, DeadLetterHeaders.MaxStackBytes);
        stack.ShouldEndWith("가가");
    }

    private static string StackOf(Exception exception)
    {
        var record = new RecordContext { Group = "billing", Topic = "orders", Partition = 0, Offset = 1 };
        return DeadLetterHeaders.For(record, exception, DateTimeOffset.UnixEpoch, withStack: true).Single(header => header.Name == DeadLetterHeaders.Stack).AsText()!;
    }

    private static Exception Thrown(Exception exception)
    {
        try
        {
            throw exception;
        }
        catch (InvalidDataException caught)
        {
            return caught;
        }
    }
}
