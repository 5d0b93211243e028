// The page of a topic's records. The server has sent the first rows; this goes on where it stopped, or follows the topic live.
import { events, Refused } from "./stream.js";
import { Rows } from "./rows.js";
import { follow } from "./tail.js";

const look = document.getElementById("look");
const table = document.querySelector("table.records");

if (look && table) {
    const rows = new Rows(table, document.getElementById("record-row"));
    if (look.dataset.mode === "live")
        follow(look, rows, table.closest(".scroll"));
    else if (look.dataset.more)
        searchOn(rows);
}

async function searchOn(rows) {
    const before = { scanned: figure("scanned"), hits: figure("hits") };
    const stop = look.querySelector("[data-stop]");
    const bar = look.querySelector("progress");
    const cancelled = new AbortController();
    stop.addEventListener("click", () => cancelled.abort());
    stop.hidden = bar.hidden = false;

    const figures = { scanned: before.scanned, total: figure("total"), hits: before.hits, bytes: 0, elapsed: 0 };
    try {
        for await (const { type, data } of events(look.dataset.more, { signal: cancelled.signal })) {
            if (type === "rows") {
                rows.append(data.rows);
            } else if (type === "progress") {
                Object.assign(figures, data, { scanned: before.scanned + data.scanned, total: before.scanned + data.total, hits: before.hits + data.hits });
                bar.value = percent(figures);
                tell("scanning", figures);
            } else if (type === "done") {
                tell("done", figures);
                page("[data-older]", data.older);
                page("[data-newer]", data.newer);
            } else if (type === "failed") {
                throw new Refused(0, { detail: data.message });
            }
        }
    } catch (failure) {
        if (failure instanceof Refused)
            look.querySelector("[data-status]").textContent = failure.message;
        else
            tell("stopped", figures);
    }
    stop.hidden = bar.hidden = true;
}

// Before the first progress, the server has not counted anything.
function figure(name) {
    return Number(look.dataset[name] ?? 0);
}

// Where the search ended is where the next page begins.
function page(selector, cursor) {
    const link = document.querySelector(`#pages ${selector}`);
    link.hidden = !cursor;
    const address = new URL(location.href);
    address.searchParams.set("cursor", cursor ?? "");
    address.searchParams.delete("open");
    link.href = address.href;
}

function tell(what, figures) {
    const words = {
        scanned: figures.scanned.toLocaleString("en"),
        total: figures.total.toLocaleString("en"),
        hits: figures.hits.toLocaleString("en"),
        percent: percent(figures),
        megabytes: (figures.bytes / 1e6).toFixed(1),
        seconds: (figures.elapsed / 1000).toFixed(1),
    };
    const sentence = look.dataset[`say${what[0].toUpperCase()}${what.slice(1)}`];
    look.querySelector("[data-status]").textContent = sentence.replace(/{(\w+)}/g, (_, name) => words[name]);
}

const percent = ({ scanned, total }) => total > 0 ? Math.floor(100 * scanned / total) : 100;
