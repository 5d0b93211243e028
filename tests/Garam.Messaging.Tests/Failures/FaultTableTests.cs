using System.Data.Common;
using System.Net;
using System.Net.Http;
using System.Net.Mail;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using Confluent.Kafka;
using Garam.Messaging.Failures;
using Garam.Messaging.Producing;
using Microsoft.Data.Sqlite;

namespace Garam.Messaging.Tests.Failures;

public sealed class FaultTableTests
{
    /// <summary>What a handler throws, and whether a dependency is in trouble; otherwise the record is.</summary>
    public static TheoryData<Exception, bool> Table => new()
    {
        { new TimeoutException(), true },
        { new RegexMatchTimeoutException(), false },
        { new SocketException((int)SocketError.ConnectionRefused), true },
        { new SocketException((int)SocketError.HostNotFound), true },
        { new SocketException((int)SocketError.MessageSize), false },
        { new System.Security.Authentication.AuthenticationException("certificate"), true },
        { new IOException("disk full", 28), true },
        { new IOException("disk full", unchecked((int)0x80070070)), true },
        { new IOException("used by another process", unchecked((int)0x80070020)), true },
        { new IOException("locked", 11), true },
        { new IOException("connection reset", 104), true },
        { new IOException("transport", new SocketException((int)SocketError.ConnectionReset)), true },
        { Thrown(new IOException("the stream has ended"), source: "System.Net.Security"), true },
        { Thrown(new EndOfStreamException(), source: "System.Net.Http"), true },
        { new HttpIOException(HttpRequestError.ResponseEnded), true },
        { new HttpIOException(HttpRequestError.ConfigurationLimitExceeded), false },
        { new IOException("invalid string length"), false },
        { Thrown(new IOException("too long"), source: "System.Private.CoreLib"), false },
        { new IOException("not a directory", 20), false },
        { Caught(() => Inflate([0x78, 0x9c, 0xff, 0xff, 0xff, 0xff])), false },
        { new ZLibException("unsupported compression"), false },
        { new Microsoft.AspNetCore.Http.BadHttpRequestException("invalid order", 400), false },
        { new Microsoft.AspNetCore.Http.BadHttpRequestException("too large", 413), false },
        { new Microsoft.AspNetCore.Http.BadHttpRequestException("slow", 408), true },
        { new IOException("exists", 17), false },
        { new IOException("exists", unchecked((int)0x80070050)), false },
        { new FileNotFoundException(), false },
        { new EndOfStreamException(), false },
        { new InvalidDataException(), false },
        { new NullReferenceException(), false },
        { new FormatException(), false },
        { new UnauthorizedAccessException(), false },
        { new SmtpException(SmtpStatusCode.MailboxBusy), true },
        { new SmtpException(SmtpStatusCode.MailboxUnavailable), false },

        // Kafka
        { new KafkaException(ErrorCode.Local_AllBrokersDown), true },
        { new KafkaException(ErrorCode.MsgSizeTooLarge), false },
        { new ProduceFailedException("t", "Local_MsgTimedOut", "timed out", isTransient: true), true },
        { new ProduceFailedException("t", "MsgSizeTooLarge", "too large", isTransient: false), false },

        // HTTP
        { new HttpRequestException("no answer"), true },
        { new HttpRequestException(HttpRequestError.NameResolutionError), true },
        { new HttpRequestException(HttpRequestError.ConfigurationLimitExceeded), false },
        { Http(HttpStatusCode.BadRequest), false },
        { Http(HttpStatusCode.Unauthorized), true },
        { Http(HttpStatusCode.Forbidden), false },
        { Http(HttpStatusCode.NotFound), false },
        { Http(HttpStatusCode.RequestTimeout), true },
        { Http(HttpStatusCode.Conflict), false },
        { Http(HttpStatusCode.UnprocessableEntity), false },
        { Http(HttpStatusCode.TooManyRequests), true },
        { Http(HttpStatusCode.InternalServerError), true },
        { Http(HttpStatusCode.ServiceUnavailable), true },
        { new Amazon.ServiceException(HttpStatusCode.NotFound), false },
        { new Amazon.ServiceException(HttpStatusCode.ServiceUnavailable), true },
        { new Azure.RequestFailedException(404), false },
        { new Azure.RequestFailedException(503), true },
        { new Generated.ApiException(400), false },
        { new Generated.ApiException(404), false },
        { new Generated.ApiException(422), false },
        { new Generated.ApiException(503), true },
        { new Generated.ApiException(200, new TimeoutException()), true },
        { new Generated.ApiException(200, new FormatException()), false },

        // A token of the handler's own, and a time-out that a client reports by one
        { new OperationCanceledException(), false },
        { new TaskCanceledException("cancelled by the handler"), false },
        { new TaskCanceledException("HttpClient.Timeout", new TimeoutException()), true },

        // SQLite
        { new SqliteException("busy", 5), true },
        { new SqliteException("busy, snapshot", 5, 517), true },
        { new SqliteException("locked", 6), true },
        { new SqliteException("read-only", 8), true },
        { new SqliteException("input or output", 10), true },
        { new SqliteException("full", 13), true },
        { new SqliteException("cannot open", 14), true },
        { new SqliteException("constraint", 19), false },
        { new SqliteException("too big", 18), false },
        { new SqliteException("no such table", 1), false },

        // Databases by what the driver or its SQLSTATE says
        { new DatabaseFault(isTransient: true), true },
        { new DatabaseFault(sqlState: "08006"), true },
        { new DatabaseFault(sqlState: "40P01"), true },
        { new DatabaseFault(sqlState: "53300"), true },
        { new DatabaseFault(sqlState: "57P03"), true },
        { new DatabaseFault(sqlState: "28P01"), true },
        { new DatabaseFault(sqlState: "25006"), true },
        { new DatabaseFault(sqlState: "23505"), false },
        { new DatabaseFault(sqlState: "22001"), false },
        { new DatabaseFault(sqlState: "42P01"), false },
        { new DatabaseFault(inner: new SocketException()), true },
        { new DatabaseFault(), false },
        { new Microsoft.Data.SqlClient.SqlException(number: 111, severity: 20), true },
        { new Microsoft.Data.SqlClient.SqlException(number: 1205, severity: 13), true },
        { new Microsoft.Data.SqlClient.SqlException(number: 2627, severity: 14), false },
        { new MySqlConnector.MySqlException(1205), true },
        { new MySqlConnector.MySqlException(1042), true },
        { new MySqlConnector.MySqlException(1062), false },

        // Drivers and clients by type
        { new StackExchange.Redis.RedisConnectionException(), true },
        { new StackExchange.Redis.RedisTimeoutException(), true },
        { new StackExchange.Redis.RedisServerException("LOADING Redis is loading the dataset in memory"), true },
        { new StackExchange.Redis.RedisServerException("WRONGTYPE Operation against a key"), false },
        { new MongoDB.Driver.MongoConnectionException(), true },
        { new MongoDB.Driver.MongoAuthenticationException(), true },
        { new MongoDB.Driver.MongoCommandException("RetryableWriteError"), true },
        { new MongoDB.Driver.MongoCommandException("other"), false },
        { new Grpc.Core.RpcException(Grpc.Core.StatusCode.Unavailable), true },
        { new Grpc.Core.RpcException(Grpc.Core.StatusCode.NotFound), false },

        // Wrapped: the outermost that says anything decides; of several at once, trouble with a dependency
        { new InvalidOperationException("wrapped", new SocketException()), true },
        { new InvalidOperationException("wrapped", new InvalidOperationException("again", new SqliteException("full", 13))), true },
        { new InvalidOperationException("wrapped", Http(HttpStatusCode.NotFound)), false },
        { new HttpRequestException("404", new SocketException(), HttpStatusCode.NotFound), false },
        { new AggregateException(new TimeoutException()), true },
        { new AggregateException(Http(HttpStatusCode.NotFound)), false },
        { new AggregateException(Http(HttpStatusCode.NotFound), new TimeoutException()), true },
        { new AggregateException(new FormatException(), new AggregateException(new SocketException())), true },
        { Nested(10_000), false },

        // What the application has registered
        { new DivideByZeroException("registered"), true },
        { new AggregateException(new FormatException(), new DivideByZeroException("registered")), true },
    };

    [Theory]
    [MemberData(nameof(Table), DisableDiscoveryEnumeration = true)]
    public void Trouble_with_a_dependency_is_told_from_trouble_with_the_record(Exception exception, bool isDependency) =>
        new TransientFaults([new TransientFault(fault => fault is DivideByZeroException)]).IsTransient(exception).ShouldBe(isDependency, exception.GetType().FullName);

    [Fact]
    public void Types_that_an_endpoint_marks_are_found_among_causes_too()
    {
        var faults = new TransientFaults([]);
        var wrapped = new InvalidOperationException("wrapped", new FormatException());
        faults.IsTransient(wrapped, [typeof(FormatException)]).ShouldBeTrue();
        faults.IsTransient(wrapped).ShouldBeFalse();
    }

    [Fact]
    public void A_locked_database_is_a_dependency_in_trouble()
    {
        var file = Path.Combine(Directory.CreateTempSubdirectory("garam-messaging-tests-").FullName, "locked.db");
        using var holder = new SqliteConnection($"Data Source={file};Pooling=False");
        holder.Open();
        Execute(holder, "CREATE TABLE t(a); BEGIN EXCLUSIVE");
        using var waiting = new SqliteConnection($"Data Source={file};Default Timeout=1;Pooling=False");
        waiting.Open();
        var locked = Should.Throw<SqliteException>(() => Execute(waiting, "INSERT INTO t VALUES(1)"));
        new TransientFaults([]).IsTransient(locked).ShouldBeTrue();
        Directory.Delete(Path.GetDirectoryName(file)!, recursive: true);
    }

    private static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private static Exception Thrown(Exception exception, string source)
    {
        exception.Source = source;
        return exception;
    }

    private static Exception Caught(Action action) => Should.Throw<Exception>(action);

    private static void Inflate(byte[] bytes)
    {
        using var stream = new System.IO.Compression.ZLibStream(new MemoryStream(bytes), System.IO.Compression.CompressionMode.Decompress);
        stream.CopyTo(Stream.Null);
    }

    private sealed class ZLibException(string message) : IOException(message);

    private static HttpRequestException Http(HttpStatusCode status) => new($"{status}", null, status);

    private static Exception Nested(int depth)
    {
        Exception exception = new TimeoutException();
        for (var level = 0; level < depth; level++)
        {
            exception = new InvalidOperationException("wrapped", exception);
        }

        return exception;
    }

    private sealed class DatabaseFault(bool isTransient = false, string? sqlState = null, Exception? inner = null) : DbException("fault", inner)
    {
        public override bool IsTransient => isTransient;

        public override string? SqlState => sqlState;
    }
}
