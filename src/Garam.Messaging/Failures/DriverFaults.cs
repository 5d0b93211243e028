using System.Collections;
using System.Globalization;
using System.Net;
using System.Reflection;

namespace Garam.Messaging.Failures;

/// <summary>
/// Exceptions of clients and drivers that this project does not reference, known by their types' names and by one property that tells
/// more. Only what the driver itself does not say through <see cref="System.Data.Common.DbException"/> is listed.
/// </summary>
internal static class DriverFaults
{
    // BUSY, LOCKED, NOMEM, READONLY, IOERR, CORRUPT, FULL, CANTOPEN, PROTOCOL, NOTADB.
    private const string SqliteCodes = "5 6 7 8 10 11 13 14 15 26";

    // Time-out, deadlock, lock time-out, database not available or read-only, login, throttling, connection broken or refused (also by errno on Linux).
    private const string SqlServerNumbers =
        "-2 20 35 64 111 113 121 233 258 976 978 1205 1222 3906 4060 4221 10053 10054 10060 10061 10928 10929 11001 18456 40143 40197 40501 40540 40613 42108 49918 49919 49920";

    // Severities: out of resources, non-fatal internal error, limit of the engine, and those that end the connection.
    private const string SqlServerClasses = "17 18 19 20 21 22 23 24 25";

    // Disk full, too many connections, access, unknown database, shutdown, storage engine, table full, network, lock time-out, deadlock, read-only, no connection.
    private const string MySqlNumbers =
        "1021 1030 1040 1042 1043 1044 1045 1049 1053 1114 1129 1158 1159 1160 1161 1203 1205 1213 1226 1290 1317 1792 1836 2002 2003 2006 2013 3024";

    private static readonly IReadOnlyList<Row> Rows =
    [
        new("Microsoft.Data.Sqlite.SqliteException", "SqliteErrorCode", SqliteCodes),
        new("System.Data.SQLite.SQLiteException", "ResultCode", "Busy Locked NoMem ReadOnly IoErr Corrupt Full CantOpen Protocol NotADb"),
        new("Microsoft.Data.SqlClient.SqlException", "Number", SqlServerNumbers),
        new("Microsoft.Data.SqlClient.SqlException", "Class", SqlServerClasses),
        new("System.Data.SqlClient.SqlException", "Number", SqlServerNumbers),
        new("System.Data.SqlClient.SqlException", "Class", SqlServerClasses),
        new("MySqlConnector.MySqlException", "Number", MySqlNumbers),
        new("MySql.Data.MySqlClient.MySqlException", "Number", MySqlNumbers),
        new("StackExchange.Redis.RedisConnectionException"),
        new("StackExchange.Redis.RedisServerException", "Message", "BUSY CLUSTERDOWN LOADING MASTERDOWN MISCONF NOAUTH NOREPLICAS OOM READONLY TRYAGAIN WRONGPASS"),
        new("MongoDB.Driver.MongoConnectionException"),
        new("MongoDB.Driver.MongoConnectionPoolPausedException"),
        new("MongoDB.Driver.MongoWaitQueueFullException"),
        new("MongoDB.Driver.MongoNotPrimaryException"),
        new("MongoDB.Driver.MongoNodeIsRecoveringException"),
        new("MongoDB.Driver.MongoExecutionTimeoutException"),
        new("MongoDB.Driver.MongoException", "ErrorLabels", "RetryableWriteError TransientTransactionError"),
        new("Grpc.Core.RpcException", "StatusCode", "Aborted DeadlineExceeded ResourceExhausted Unauthenticated Unavailable"),
        new("RabbitMQ.Client.Exceptions.AlreadyClosedException"),
        new("RabbitMQ.Client.Exceptions.BrokerUnreachableException"),
    ];

    public static bool IsDependency(Exception exception) => Rows.Any(row => row.Matches(exception));

    /// <summary>The HTTP status that an exception carries (AWS, Azure, Cosmos, Refit, NSwag, ASP.NET, ...), as such or as a number; null: none.</summary>
    public static HttpStatusCode? HttpStatusOf(Exception exception) => Property(exception, "StatusCode") switch
    {
        HttpStatusCode status => status,
        int and >= 400 and < 600 and var status => (HttpStatusCode)status,
        _ => Property(exception, "Status") is int and >= 400 and < 600 and var status ? (HttpStatusCode)status : null,
    };

    private static bool IsNamed(Exception exception, string type)
    {
        for (var current = exception.GetType(); current is not null; current = current.BaseType)
        {
            if (current.FullName == type)
            {
                return true;
            }
        }

        return false;
    }

    private static object? Property(Exception exception, string name)
    {
        const BindingFlags Declared = BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly;
        for (var type = exception.GetType(); type is not null; type = type.BaseType)
        {
            if (type.GetProperty(name, Declared) is { } property)
            {
                try
                {
                    return property.GetValue(exception);
                }
                catch (TargetInvocationException)
                {
                    // An exception that cannot say what it is does not decide anything.
                    return null;
                }
            }
        }

        return null;
    }

    /// <param name="Type">Full name of the exception's type, or of a type that it inherits.</param>
    /// <param name="Property">Which of its properties is looked at; null: the type alone is enough.</param>
    /// <param name="Values">The values that tell trouble with the dependency, separated by blanks. Of a text or a list, the first words count.</param>
    private sealed record Row(string Type, string? Property = null, string Values = "")
    {
        private readonly string[] _values = Values.Split(' ');

        public bool Matches(Exception exception) => IsNamed(exception, Type) && (Property is null || Words(exception).Any(_values.Contains));

        private IEnumerable<string> Words(Exception exception) => DriverFaults.Property(exception, Property!) switch
        {
            null => [],
            string text => [text.Split(' ')[0]],
            IEnumerable items => items.Cast<object>().Select(Word),
            var value => [Word(value)],
        };

        private static string Word(object value) => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";
    }
}
