namespace Garam.Background;

/// <summary>
/// Reads the text of an exception. <see cref="Exception.Message"/> and <see cref="Exception.ToString"/> can be overridden, and the override may throw:
/// where failures are reported, that must not hide the failure or end the work that reports it.
/// </summary>
public static class ExceptionText
{
    /// <summary>The message, or one sentence that says why it cannot be read.</summary>
    public static string Message(Exception exception) => Read(exception, static exception => exception.Message);

    /// <summary>The whole exception with its stack, likewise.</summary>
    public static string Full(Exception exception) => Read(exception, static exception => exception.ToString());

    private static string Read(Exception exception, Func<Exception, string?> text)
    {
        ArgumentNullException.ThrowIfNull(exception);
        try
        {
            return text(exception) ?? "";
        }
        catch (Exception failure)
        {
            return $"(The text of this {exception.GetType().FullName} cannot be read: reading it threw {failure.GetType().FullName}.)";
        }
    }
}
