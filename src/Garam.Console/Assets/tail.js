// Follows topics as they are written. Scrolling up pauses; what comes meanwhile is counted, and the reader says where to go on.
import { kept } from "./rows.js";
import { events, Refused } from "./stream.js";

const nameOf = row => `${row.topic}/${row.partition}/${row.offset}`;

export function follow(look, rows, region) {
    const status = look.querySelector("[data-status]");
    const pause = look.querySelector("[data-pause]");
    const resume = look.querySelector("[data-resume]");
    const pill = look.querySelector("[data-new]");

    let connection = null;      // what aborts the stream that runs
    let position = null;        // where the stream was a moment ago: a tail that begins there misses nothing
    let taken = new Set();      // records that came since: such a tail gives them again
    let pending = [];           // rows that are shown with the next frame
    let pausedAt = null;        // both, when the reader paused; null while rows are shown
    let shown = 0, skipped = 0, waiting = 0;

    async function run(from) {
        connection?.abort();
        const mine = connection = new AbortController();
        if (from)
            ({ position, taken } = from);
        for (let wait = 500; !mine.signal.aborted; wait = Math.min(wait * 2, 8000)) {
            try {
                for await (const said of events(look.dataset.address, { signal: mine.signal, lastEventId: position })) {
                    wait = 500;
                    take(said);
                }
            } catch (failure) {
                if (failure instanceof Refused && failure.status >= 400 && failure.status < 500) {
                    status.textContent = failure.message;
                    return;
                }
            }
            if (mine.signal.aborted)
                return;
            status.textContent = look.dataset.sayLost;
            await new Promise(done => setTimeout(done, wait));
        }
    }

    function take({ type, data, id }) {
        if (id && id !== position) {
            position = id;
            taken = new Set();
        }
        if (type === "failed")
            throw new Error(data.message);
        if (type !== "rows") {
            tell();
            return;
        }
        const fresh = data.rows.filter(row => !taken.has(nameOf(row)));
        for (const row of fresh)
            taken.add(nameOf(row));
        if (pausedAt !== null) {
            waiting += fresh.length + data.skipped;
            pill.textContent = look.dataset.sayNew.replace("{rows}", waiting.toLocaleString("en"));
        } else {
            skipped += data.skipped;
            pending.push(...fresh);
        }
    }

    // Ten frames a second can be read; rows that no frame had room for are counted.
    function paint() {
        if (pending.length === 0)
            return;
        skipped += Math.max(0, pending.length - kept);
        shown += Math.min(pending.length, kept);
        rows.append(pending);
        pending = [];
        region.scrollTop = region.scrollHeight;
        tell();
    }

    function tell() {
        if (pausedAt === null)
            status.textContent = (shown === 0 ? look.dataset.sayWaiting : look.dataset.sayLive)
                .replace("{rows}", shown.toLocaleString("en")).replace("{skipped}", skipped.toLocaleString("en"));
    }

    function stand() {
        if (pausedAt !== null)
            return;
        paint();
        pausedAt = { position, taken: new Set(taken) };
        waiting = 0;
        status.textContent = look.dataset.sayPaused;
        pill.textContent = look.dataset.sayNew.replace("{rows}", "0");
        resume.hidden = false;
        pause.hidden = true;
    }

    /** Shows rows again: those that were missed, or only those to come; what is left out then is counted, too. */
    function goOn(withMissed) {
        const from = pausedAt;
        pausedAt = null;
        resume.hidden = true;
        pause.hidden = false;
        region.scrollTop = region.scrollHeight;
        if (withMissed)
            run(from);
        else
            skipped += waiting;
        tell();
    }

    // The window scrolls by itself when rows are added; only a move upwards is the reader's.
    let top = 0;
    region.addEventListener("scroll", () => {
        if (region.scrollTop < top - 2 && region.scrollTop + region.clientHeight < region.scrollHeight - 40)
            stand();
        top = region.scrollTop;
    });
    pause.addEventListener("click", stand);
    pill.addEventListener("click", () => goOn(true));
    look.querySelector("[data-go-on]").addEventListener("click", () => goOn(true));
    look.querySelector("[data-go-now]").addEventListener("click", () => goOn(false));
    document.addEventListener("keydown", event => {
        if (event.key !== " " || event.target.closest("input, select, textarea, button, a, summary"))
            return;
        event.preventDefault();
        pausedAt === null ? stand() : goOn(true);
    });
    addEventListener("pagehide", () => connection?.abort());

    pause.hidden = false;
    setInterval(paint, 100);
    run(null);
}
