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
    public const int Interrupted = 130;
    public const int Terminated = 143;

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
