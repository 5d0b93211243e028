using Garam.Content.Messages;
using Garam.Content.Moderation;

namespace Garam.Content.Inspection;

/// <summary>A verdict as it is kept.</summary>
/// <param name="Status">What was decided.</param>
/// <param name="Rendition">What may be seen: null when that is nothing, because the post is bad or was deleted since.</param>
internal sealed record StoredVerdict(VerdictStatus Status, InspectedPost? Rendition);
