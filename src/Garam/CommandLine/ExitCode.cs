using Garam.Operations;

namespace Garam.CommandLine;

/// <summary>What the program says to the shell. The numbers are a promise to scripts.</summary>
internal static class ExitCode
{
    public const int Ok = 0;
    public const int Failure = 1;
    public const int Usage = 2;
    public const int NotFound = 3;
    public const int Conflict = 4;
    public const int Unauthorized = 5;
    public const int Unreachable = 6;
    public const int Partial = 7;
    public const int AssertionFalse = 8;
    public const int Interrupted = 130;
    public const int Terminated = 143;

    public static IReadOnlyList<(int Code, string Meaning)> Meanings { get; } =
    [
        (Ok, "done"),
        (Failure, "the broker refused, or a person said no"),
        (Usage, "the command line makes no sense; or a question, and nobody there to answer it"),
        (NotFound, "the topic, group, partition or record is not there"),
        (Conflict, "the state of things forbids it: it exists already, the group has members, it changed since the preview"),
        (Unauthorized, "the broker does not let this user do it"),
        (Unreachable, "no broker answered, or not in time; or fewer records came than were asked for"),
        (Partial, "some were done and some failed: stderr says which"),
        (AssertionFalse, "what was asserted is not so: group lag --max, cluster health, broker check"),
        (Interrupted, "ended by Ctrl-C"),
        (Terminated, "ended by SIGTERM"),
    ];

    /// <summary>The code of a plan for several things of which some are not there.</summary>
    public static int OfMissing(int missing, int all) => missing == 0 ? Ok : missing < all ? Partial : NotFound;

    public static int Of(FailureKind kind) => kind switch
    {
        FailureKind.Invalid => Usage,
        FailureKind.NotFound => NotFound,
        FailureKind.Conflict => Conflict,
        FailureKind.Unauthorized => Unauthorized,
        FailureKind.Unreachable => Unreachable,
        _ => Failure,
    };
}
