// The keyboard: `g` and a letter goes to a page, `/` to the filter, `j` and `k` walk the rows, `?` says all this.
import { open } from "./dialogs.js";

let leading = 0;

document.addEventListener("keydown", event => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing)
        return;
    if (isWriting(event.target)) {
        if (event.key === "Escape")
            event.target.blur();
        return;
    }
    if (document.querySelector("dialog:modal"))
        return;
    const led = Date.now() - leading < 1500;
    leading = event.key === "g" && !led ? Date.now() : 0;
    const done = led ? goTo(event.key) : act(event.key);
    if (done)
        event.preventDefault();
});

const isWriting = element => element.matches("input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable]");

function goTo(key) {
    const link = document.querySelector(`.navigation a[data-key="${CSS.escape(key)}"]`);
    link?.click();
    return link !== null;
}

function act(key) {
    switch (key) {
        case "/": return focus(document.querySelector("[data-filter]"));
        case "j": return walk(1);
        case "k": return walk(-1);
        case "?": return open(document.getElementById("keys"));
        default: return false;
    }
}

function focus(element) {
    element?.focus();
    element?.select?.();
    return Boolean(element);
}

// The link of a row has the focus, so that Enter opens it as it opens any link.
function walk(step) {
    const links = [...document.querySelectorAll("table[data-rows] tbody tr")].map(row => row.querySelector("[data-open], a[href]")).filter(Boolean);
    const current = document.activeElement?.closest("table[data-rows] tbody tr");
    const at = links.findIndex(link => current?.contains(link));
    const next = at < 0 ? (step > 0 ? 0 : links.length - 1) : Math.min(Math.max(at + step, 0), links.length - 1);
    return focus(links[next]);
}
