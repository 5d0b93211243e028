namespace Garam.Console.Groups;

/// <summary>Addresses of the pages of a group. Its name stands in the query: it may hold slashes, dots, anything, which a path does not survive.</summary>
internal static class GroupAddress
{
    public static string Page(string group) => Of("/console/group", group);

    public static string Reset(string group) => Of("/console/group/reset", group);

    public static string Preview(string group) => Of("/console/group/reset/preview", group);

    /// <summary>The command of a form that is being filled in.</summary>
    public static string Command(string group) => Of("/console/group/reset/command", group);

    public static string Apply(string group) => Of("/console/group/reset/apply", group);

    public static string Done(string group) => Of("/console/group/reset/done", group);

    public static string Undo(string group) => Of("/console/group/undo", group);

    public static string Alarm(string group) => Of("/console/group/alarm", group);

    public static string AlarmCommand(string group) => Of("/console/group/alarm/command", group);

    public static string Delete(string group) => Of("/console/group/delete", group);

    public static string DeleteOffsets(string group) => Of("/console/group/delete-offsets", group);

    public static string Record(string topic, int partition, long offset) => $"/console/topics/{Uri.EscapeDataString(topic)}/{partition}/{offset}";

    private static string Of(string path, string group) => $"{path}?name={Uri.EscapeDataString(group)}";
}
