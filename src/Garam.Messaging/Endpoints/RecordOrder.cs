namespace Garam.Messaging.Endpoints;

/// <summary>Which records wait for each other when several are handled at a time.</summary>
public enum RecordOrder
{
    /// <summary>Records of one key are handled one after the other, in the log's order. Records without a key wait for nobody.</summary>
    Key,

    /// <summary>No record waits for another.</summary>
    None,
}
