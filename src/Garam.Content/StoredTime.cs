namespace Garam.Content;

/// <summary>Times as the stores and messages keep them: UTC, to the millisecond, so that both agree to the digit.</summary>
internal static class StoredTime
{
    public static DateTime UtcNow(this TimeProvider time) => FromMilliseconds(time.GetUtcNow().ToUnixTimeMilliseconds());

    public static DateTime FromMilliseconds(long milliseconds) => DateTimeOffset.FromUnixTimeMilliseconds(milliseconds).UtcDateTime;

    public static long ToMilliseconds(this DateTime utc) => new DateTimeOffset(utc).ToUnixTimeMilliseconds();
}
