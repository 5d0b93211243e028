using System.Data.Common;
using System.Net.Sockets;
using Confluent.Kafka;

namespace Garam.Messaging.Failures;

/// <summary>Decides by an exception's type whether a dependency is in trouble or the record is. Looks at inner exceptions too: clients wrap them.</summary>
internal sealed class TransientFaults
{
    private readonly IReadOnlyList<Func<Exception, bool>> _more;

    public TransientFaults(IEnumerable<TransientFault> more) => _more = [.. more.Select(fault => fault.Matches)];

    public bool IsTransient(Exception exception)
    {
        for (var current = exception; current is not null; current = current.InnerException)
        {
            if (IsKnown(current) || _more.Any(matches => matches(current)))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsKnown(Exception exception) => exception switch
    {
        ITransient known => known.IsTransient,
        FileNotFoundException or DirectoryNotFoundException or PathTooLongException or EndOfStreamException => false,
        TimeoutException or IOException or SocketException or HttpRequestException => true,

        // Nobody asked the handler to stop (that case is sorted out before): a client of its own has timed out.
        OperationCanceledException => true,
        DbException database => database.IsTransient,
        KafkaException kafka => ClientErrors.IsTransient(kafka.Error),
        _ => false,
    };
}

/// <summary>Recognises trouble with one kind of dependency, for all handlers. Register with <see cref="MessagingServices.AddTransientFault"/>.</summary>
internal sealed record TransientFault(Func<Exception, bool> Matches);
