namespace Garam.Messaging.Endpoints;

/// <summary>A user's handler with its parameters bound.</summary>
internal delegate ValueTask RecordHandler(RecordContext context, CancellationToken cancellationToken);
