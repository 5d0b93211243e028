using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using Garam.Operations.Messages;

namespace Garam.Records;

/// <summary>
/// The format strings of kcat: <c>%s</c> value, <c>%S</c> its length (-1 for null), <c>%R</c> the length in four bytes, big-endian, <c>%k</c> key,
/// <c>%K</c> its length, <c>%t</c> topic, <c>%p</c> partition, <c>%o</c> offset, <c>%T</c> timestamp in ms, <c>%h</c> headers, <c>%%</c> a per cent
/// sign; <c>\n \r \t \\ \xHH</c> as in C. Keys and values leave as the bytes that they are.
/// </summary>
internal sealed class RecordTemplate
{
    private delegate void Part(Stream output, StoredRecord record);

    private readonly List<Part> _parts = [];

    /// <exception cref="FormatException">A letter is none of these.</exception>
    public static RecordTemplate Parse(string text)
    {
        var template = new RecordTemplate();
        var literal = new List<byte>();
        for (var at = 0; at < text.Length; at++)
        {
            if (text[at] == '%' && at + 1 < text.Length && text[at + 1] != '%')
            {
                template.AddLiteral(literal);
                template._parts.Add(Letter(text[++at]));
            }
            else if (text[at] == '%')
            {
                literal.Add((byte)'%');
                at++;
            }
            else if (text[at] == '\\' && at + 1 < text.Length)
            {
                literal.Add(Escape(text, ref at));
            }
            else
            {
                var length = char.IsHighSurrogate(text[at]) && at + 1 < text.Length ? 2 : 1;
                literal.AddRange(Encoding.UTF8.GetBytes(text, at, length));
                at += length - 1;
            }
        }

        template.AddLiteral(literal);
        return template;
    }

    public void Write(Stream output, StoredRecord record)
    {
        foreach (var part in _parts)
            part(output, record);
    }

    private static Part Letter(char letter) => letter switch
    {
        's' => (output, record) => output.Write(record.Value),
        'S' => (output, record) => Number(output, record.Value?.Length ?? -1),
        'R' => (output, record) => BigEndian(output, record.Value?.Length ?? -1),
        'k' => (output, record) => output.Write(record.Key),
        'K' => (output, record) => Number(output, record.Key?.Length ?? -1),
        't' => (output, record) => output.Write(Encoding.UTF8.GetBytes(record.Topic)),
        'p' => (output, record) => Number(output, record.Partition),
        'o' => (output, record) => Number(output, record.Offset),
        'T' => (output, record) => Number(output, record.TimestampMs ?? -1),
        'h' => Headers,
        _ => throw new FormatException($"%{letter} is not one of kcat's letters: use %s %S %R %k %K %t %p %o %T %h or %%."),
    };

    private static void Headers(Stream output, StoredRecord record)
    {
        var separator = "";
        foreach (var header in record.Headers)
        {
            output.Write(Encoding.UTF8.GetBytes($"{separator}{header.Name}="));
            output.Write(header.Value is { } value ? value.Span : "NULL"u8);
            separator = ",";
        }
    }

    private static byte Escape(string text, ref int at)
    {
        switch (text[++at])
        {
            case 'n': return (byte)'\n';
            case 'r': return (byte)'\r';
            case 't': return (byte)'\t';
            case 'x' when at + 2 < text.Length && byte.TryParse(text.AsSpan(at + 1, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value):
                at += 2;
                return value;
            case '\\' or '%': return (byte)text[at];
            default: throw new FormatException($"\\{text[at]} is not an escape: use \\n \\r \\t \\\\ or \\xHH.");
        }
    }

    private static void Number(Stream output, long number) => output.Write(Encoding.ASCII.GetBytes(number.ToString(CultureInfo.InvariantCulture)));

    private static void BigEndian(Stream output, int number)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(bytes, number);
        output.Write(bytes);
    }

    private void AddLiteral(List<byte> literal)
    {
        if (literal.Count == 0)
            return;
        var bytes = literal.ToArray();
        literal.Clear();
        _parts.Add((output, _) => output.Write(bytes));
    }
}
