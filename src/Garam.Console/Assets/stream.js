// Server-sent events, read with fetch: unlike EventSource it tells why the server refused, and ends for good when it is told to.

/** The server did not begin the stream; the message is its own. */
export class Refused extends Error {
    constructor(status, problem) {
        super(problem.detail ?? problem.title ?? `HTTP ${status}`);
        this.status = status;
    }
}

/** Yields { type, data, id } until the server ends the stream or the signal aborts it. */
export async function* events(address, { signal, lastEventId } = {}) {
    // Failures are told in the language of the page: the choice of the reader is a cookie for pages alone.
    const headers = { accept: "text/event-stream", "accept-language": document.documentElement.lang };
    if (lastEventId)
        headers["last-event-id"] = lastEventId;
    const answer = await fetch(address, { signal, headers, cache: "no-store" });
    if (!answer.ok)
        throw new Refused(answer.status, await answer.json().catch(() => ({})));

    let text = "";
    for await (const piece of pieces(answer.body)) {
        text += piece;
        for (let end; (end = text.indexOf("\n\n")) >= 0; text = text.slice(end + 2))
            yield read(text.slice(0, end));
    }
}

// Not every browser can loop over a stream itself.
async function* pieces(body) {
    const reader = body.pipeThrough(new TextDecoderStream()).getReader();
    try {
        for (let piece; !(piece = await reader.read()).done;)
            yield piece.value;
    } finally {
        reader.cancel().catch(() => {});
    }
}

// The envelope is ours. What records hold is text in it, made visible by the server, and is not looked into here.
function read(block) {
    const said = { type: "message", data: null, id: null };
    const lines = [];
    for (const line of block.split("\n")) {
        const colon = line.indexOf(":");
        const value = line.slice(colon + 1).replace(/^ /, "");
        switch (line.slice(0, colon)) {
            case "event": said.type = value; break;
            case "id": said.id = value; break;
            case "data": lines.push(value); break;
        }
    }
    if (lines.length > 0)
        said.data = JSON.parse(lines.join("\n"));
    return said;
}
