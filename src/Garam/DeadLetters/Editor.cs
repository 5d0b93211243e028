using System.Diagnostics;
using Garam.CommandLine;

namespace Garam.DeadLetters;

/// <summary>The user's editor (<c>$VISUAL</c>, <c>$EDITOR</c>, or vi) on the bytes of a value.</summary>
internal static class Editor
{
    /// <exception cref="CommandFailure">The editor ended with an error: nothing is changed.</exception>
    public static async Task<byte[]> ChangeAsync(byte[] value, CancellationToken ct)
    {
        var folder = Directory.CreateTempSubdirectory("garam-edit-");
        try
        {
            var file = Path.Combine(folder.FullName, "value.json");
            await File.WriteAllBytesAsync(file, value, ct);
            var editor = Named("VISUAL") ?? Named("EDITOR") ?? "vi";

            // By the shell: the variables hold commands with options.
            using var process = Process.Start("/bin/sh", ["-c", $"{editor} \"$1\"", "sh", file]);
            await process.WaitForExitAsync(ct);
            if (process.ExitCode != 0)
                throw new CommandFailure(ExitCode.Failure, $"{editor} ended with {process.ExitCode}: nothing was changed.");
            var edited = await File.ReadAllBytesAsync(file, ct);

            // Editors end the last line, where the value may have none.
            return edited is [.. var text, (byte)'\n'] && value is not [.., (byte)'\n'] ? text : edited;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static string? Named(string variable) => Environment.GetEnvironmentVariable(variable) is { Length: > 0 } command ? command : null;
}
