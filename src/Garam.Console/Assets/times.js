// The server writes every time in UTC. Here they become the reader's own, unless UTC was chosen in the strip; fields for a time change with them.
const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
const kept = "garam.times";
const minute = 60_000;

let isLocal = read() !== "utc";

/** Shows the times of a document, or of a part of one, in the zone that was chosen. */
export function show(root) {
    for (const time of root.querySelectorAll("time[datetime]")) {
        const at = new Date(time.dateTime);
        if (Number.isNaN(at.getTime()))
            continue;
        if (time.hasAttribute("data-instant"))
            time.textContent = text(at, isLocal);
        time.title = `${text(at, false)} UTC\n${text(at, true)} ${zone}`;
    }
    for (const name of root.querySelectorAll("[data-zone]"))
        name.textContent = isLocal ? zone : "UTC";
}

// A Date whose UTC fields are those of the wall clock.
const shifted = (at, local) => local ? new Date(at.getTime() - at.getTimezoneOffset() * minute) : at;

const text = (at, local) => shifted(at, local).toISOString().replace("T", " ").replace("Z", "");

const fields = () => document.querySelectorAll("input[data-utc]");

const fromField = (value, local) => new Date(local ? value : `${value}Z`);

function fill(field, at) {
    field.value = shifted(at, isLocal).toISOString().replace("Z", "");
}

// A value that differs from the server's was typed, or brought back by the browser: it is in the reader's zone already.
function fillAll() {
    for (const field of fields())
        if (field.value && field.value === field.defaultValue)
            fill(field, fromField(field.value, false));
}

function choose(local) {
    const before = [...fields()].filter(field => field.value).map(field => [field, fromField(field.value, isLocal)]);
    isLocal = local;
    before.forEach(([field, at]) => fill(field, at));
    keep(local ? "local" : "utc");
    tell();
}

function tell() {
    show(document);
    for (const button of document.querySelectorAll("[data-times]")) {
        button.setAttribute("aria-pressed", String((button.dataset.times === "local") === isLocal));
        if (button.dataset.times === "local")
            button.title = zone;
    }
}

/** "-5m", "-1h" or "today": that long ago, or the last midnight of the zone that is shown. */
function preset(word) {
    const now = new Date();
    const [, count, unit] = word.match(/^-(\d+)([mhd])$/) ?? [];
    if (unit)
        return new Date(now - count * { m: minute, h: 60 * minute, d: 1440 * minute }[unit]);
    if (isLocal)
        now.setHours(0, 0, 0, 0);
    else
        now.setUTCHours(0, 0, 0, 0);
    return now;
}

function read() {
    try {
        return localStorage.getItem(kept);
    } catch {
        return null;
    }
}

function keep(choice) {
    try {
        localStorage.setItem(kept, choice);
    } catch {
        // The browser keeps nothing: the choice holds for this page.
    }
}

document.addEventListener("click", event => {
    const button = event.target.closest("[data-times], [data-preset]");
    if (button?.dataset.times) {
        choose(button.dataset.times === "local");
    } else if (button) {
        const field = button.closest(".time-field").querySelector("input[data-utc]");
        fill(field, preset(button.dataset.preset));
        field.dispatchEvent(new Event("input", { bubbles: true }));
    }
});

// What is sent is UTC again. The server's "today" is that of UTC: the reader's own is sent as the time of its midnight.
document.addEventListener("formdata", event => {
    for (const field of event.target.querySelectorAll("input[data-utc]"))
        if (field.value && event.formData.has(field.name))
            event.formData.set(field.name, fromField(field.value, isLocal).toISOString());
    if (event.formData.get("from") === "today") {
        event.formData.set("from", "time");
        event.formData.set("since", preset("today").toISOString());
        event.formData.delete("until");
    }
});

document.addEventListener("garam:refreshed", () => show(document));
fillAll();
tell();
