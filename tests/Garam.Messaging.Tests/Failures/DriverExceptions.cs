// Exceptions of drivers that the project does not reference, with their names and the properties that matter.
#pragma warning disable IDE0130, SA1402, CA1032
using System.Data.Common;
using System.Net;

namespace StackExchange.Redis
{
    internal sealed class RedisConnectionException : Exception;

    internal sealed class RedisTimeoutException : TimeoutException;

    internal sealed class RedisServerException(string message) : Exception(message);
}

namespace MongoDB.Driver
{
    internal abstract class MongoException(params string[] labels) : Exception
    {
        public IReadOnlyList<string> ErrorLabels => labels;
    }

    internal class MongoConnectionException : MongoException;

    internal sealed class MongoAuthenticationException : MongoConnectionException;

    internal sealed class MongoCommandException(string label) : MongoException(label);
}

namespace Grpc.Core
{
    internal enum StatusCode
    {
        NotFound = 5,
        Unavailable = 14,
    }

    internal sealed class RpcException(StatusCode status) : Exception
    {
        public StatusCode StatusCode => status;
    }
}

namespace Microsoft.Data.SqlClient
{
    internal sealed class SqlException(int number, byte severity) : DbException
    {
        public int Number => number;

        public byte Class => severity;
    }
}

namespace MySqlConnector
{
    internal sealed class MySqlException(int number) : DbException
    {
        public int Number => number;
    }
}

namespace Amazon
{
    internal sealed class ServiceException(HttpStatusCode status) : Exception
    {
        public HttpStatusCode StatusCode => status;
    }
}

namespace Azure
{
    internal sealed class RequestFailedException(int status) : Exception
    {
        public int Status => status;
    }
}

namespace Generated
{
    internal sealed class ApiException(int status, Exception? inner = null) : Exception("from an OpenAPI client", inner)
    {
        public int StatusCode => status;
    }
}
