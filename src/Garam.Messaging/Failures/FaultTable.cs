using System.Data.Common;
using System.Net;
using System.Net.Mail;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text.RegularExpressions;
using Confluent.Kafka;

namespace Garam.Messaging.Failures;

/// <summary>Tells by what an exception itself says (a status, an error code, its type) whether a dependency failed or the record did.</summary>
internal static class FaultTable
{
    /// <returns>Null when this exception does not say; the exception that caused it may.</returns>
    public static FailureCause? CauseOf(Exception exception) => exception switch
    {
        ITransient known => Cause(isDependency: known.IsTransient),
        KafkaException kafka => Cause(isDependency: ClientErrors.IsTransient(kafka.Error)),
        HttpRequestException http => OfHttp(http),
        SmtpException mail => Cause(isDependency: IsTransient(mail.StatusCode)),

        // The pattern and the record's text take too long together: they will again.
        RegexMatchTimeoutException => FailureCause.Record,
        TimeoutException or AuthenticationException => FailureCause.Dependency,
        SocketException socket => Cause(isDependency: socket.SocketErrorCode is not (SocketError.MessageSize or SocketError.InvalidArgument)),
        IOException when DriverFaults.HttpStatusOf(exception) is { } status => OfStatus(status),
        HttpIOException http => Cause(isDependency: http.HttpRequestError is not HttpRequestError.ConfigurationLimitExceeded),
        FileNotFoundException or DirectoryNotFoundException or PathTooLongException or FileLoadException => FailureCause.Record,
        IOException io when InputOutputFaults.IsDependency(io) => FailureCause.Dependency,
        DbException database => OfDatabase(database),
        _ => OfDriver(exception),
    };

    private static FailureCause Cause(bool isDependency) => isDependency ? FailureCause.Dependency : FailureCause.Record;

    /// <summary>Without a status there was no answer: name, connection, TLS, proxy. Too large an answer is the exception.</summary>
    private static FailureCause OfHttp(HttpRequestException http) => http.StatusCode is { } status
        ? OfStatus(status)
        : Cause(isDependency: http.HttpRequestError is not HttpRequestError.ConfigurationLimitExceeded);

    /// <summary>An answer below 500 is about the request, and so about the record, except where it refuses every caller or asks to come again.</summary>
    private static FailureCause OfStatus(HttpStatusCode status) => Cause(isDependency: status is >= HttpStatusCode.InternalServerError
        or HttpStatusCode.Unauthorized or HttpStatusCode.ProxyAuthenticationRequired or HttpStatusCode.RequestTimeout
        or HttpStatusCode.MisdirectedRequest or HttpStatusCode.Locked or (HttpStatusCode)425 or HttpStatusCode.TooManyRequests);

    private static bool IsTransient(SmtpStatusCode status) => status is SmtpStatusCode.GeneralFailure or SmtpStatusCode.ServiceNotAvailable
        or SmtpStatusCode.MailboxBusy or SmtpStatusCode.LocalErrorInProcessing or SmtpStatusCode.InsufficientStorage;

    private static FailureCause? OfDatabase(DbException database) => database.IsTransient || IsTransient(database.SqlState)
        ? FailureCause.Dependency
        : OfDriver(database);

    /// <summary>By SQLSTATE's classes, which ODBC, PostgreSQL and MySQL share.</summary>
    private static bool IsTransient(string? sqlState) => sqlState switch
    {
        { Length: not 5 } or null => false,
        "25006" => true,              // read-only transaction: the server has become a replica
        "3D000" => true,              // the database does not exist (yet)
        "55006" or "55P03" => true,   // object in use, lock not available
        "HYT00" or "HYT01" => true,   // time-outs
        _ => sqlState[..2] is "08" or "28" or "40" or "53" or "57" or "58", // connection, login, deadlock, resources, operator, system
    };

    private static FailureCause? OfDriver(Exception exception)
    {
        if (DriverFaults.HttpStatusOf(exception) is { } status)
        {
            return OfStatus(status);
        }

        return DriverFaults.IsDependency(exception) ? FailureCause.Dependency : null;
    }
}
