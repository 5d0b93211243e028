using System.CommandLine;

namespace Garam.Import;

/// <summary><c>garam content import FILE</c>: a user's own texts, as posts.</summary>
internal static class ContentCommands
{
    public static Command Create() => new("content", "Work with the content platform");
}
