namespace Garam.Broker.Log;

/// <summary>Who appends a batch, and so how much of it is believed.</summary>
internal enum AppendOrigin
{
    /// <summary>A produce request: everything is checked.</summary>
    Client,

    /// <summary>The broker's own records in its internal topics: well formed by construction, and never refused for their size.</summary>
    Broker,
}
