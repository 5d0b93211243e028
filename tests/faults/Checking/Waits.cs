using Garam.Faults.Histories;

namespace Garam.Faults.Checking;

/// <summary>What must happen in the end does.</summary>
internal static class Waits
{
    /// <summary><c>stuck</c>: somebody waited for it in vain.</summary>
    public static IEnumerable<Anomaly> InVain(History history) =>
        history.Of(Operation.Await, Outcome.Fail).Select(line => new Anomaly("stuck", $"{line.Event.Client}: {line.Event.Note}"));
}
