namespace Garam.Kafka.Generator.Emit;

internal static class Xml
{
    /// <summary>Text as it may stand in a documentation comment.</summary>
    public static string Escape(string text) => text.Replace("&", "&amp;").Replace("<", "&lt;").Replace(">", "&gt;");
}
