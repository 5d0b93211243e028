// The keyboard: `g` and a letter goes to a page, `/` to the filter, `j` and `k` walk the rows, `?` says all this.
import { open } from "./dialogs.js";

let leading = 0;

document.addEventListener("keydown", event => {
    if (event.ctrlKey || event.metaKey || event.altKey || isComposing(event))
        return;
    if (isWriting(event.target)) {
        if (event.key === "Escape")
            event.target.blur();
        return;
    }
    if (document.querySelector("dialog:modal"))
        return;
    const led = Date.now() - leading < 1500;
    const key = keyOf(event);
    leading = key === "g" && !led ? Date.now() : 0;
    const done = led ? goTo(key) : act(key);
    if (done)
        event.preventDefault();
});

// Keys that belong to an input method: Enter and Escape end a syllable there. Safari says so only by the code 229.
const isComposing = event => event.isComposing || event.keyCode === 229;

// Under the Hangul layout the key J types ㅓ: a letter that is not Latin is known by where its key is.
const keyOf = event => !/^[\x20-\x7e]+$/.test(event.key) && /^Key[A-Z]$/.test(event.code) ? event.code[3].toLowerCase() : event.key;

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
