// Keeps the parts of a page that carry `data-live` and an id as the server would render them now: the page is fetched again, and only what
// differs is changed, so that focus, selection, scroll and open details stay. Nothing is asked while nobody looks at the tab, nor on a page that
// is not at its address (data-still): that of a failure, or of what a form has sent.
import { morph } from "./morph.js";
import { show } from "./times.js";

const pause = 3000;
const stale = document.getElementById("stale");
let seen = Date.now();
let timer = 0;
let busy = false;
let refused = false;

const isStill = document.body.hasAttribute("data-still");
const parts = () => document.querySelectorAll("[data-live][id]");

/** Fetches the page again now; used after something on it was changed by a script. */
export async function refresh() {
    if (busy || isStill)
        return;
    busy = true;
    clearTimeout(timer);
    try {
        const answer = await fetch(location.href, { headers: { accept: "text/html" }, signal: AbortSignal.timeout(15000) });
        take(new DOMParser().parseFromString(await answer.text(), "text/html"));
        refused = !answer.ok;
        if (answer.ok)
            seen = Date.now();
        say(refused);
    } catch {
        refused = false;
        say(true);
    } finally {
        busy = false;
        plan();
    }
}

function take(page) {
    show(page);
    for (const part of parts()) {
        const fresh = page.getElementById(part.id);
        // A dialog that is open, or a field that is being written in, is the reader's: it waits.
        if (fresh && !part.querySelector("dialog[open]") && !isBeingEdited(part))
            morph(part, fresh);
    }
    document.dispatchEvent(new CustomEvent("garam:refreshed"));
}

function isBeingEdited(part) {
    const field = document.activeElement;
    return part.contains(field) && field.matches("input:not([type=checkbox]), textarea, select");
}

function say(isStale) {
    if (!stale)
        return;
    stale.hidden = !isStale;
    stale.querySelector("[data-silent]").hidden = refused;
    stale.querySelector("[data-refused]").hidden = !refused;
    stale.querySelector("[data-age]").textContent = `${Math.round((Date.now() - seen) / 1000)}${document.documentElement.lang === "ko" ? "초" : " s"}`;
}

function plan() {
    clearTimeout(timer);
    if (!document.hidden && !isStill && parts().length > 0)
        timer = setTimeout(refresh, pause);
}

document.addEventListener("visibilitychange", () => document.hidden ? clearTimeout(timer) : refresh());
stale?.querySelector("[data-retry]").addEventListener("click", () => refused ? location.reload() : refresh());
plan();
