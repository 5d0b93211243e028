// The progress of a re-drive as it is made. Without this module the page is refreshed every few seconds, as every live part is.
import { refresh } from "./live.js";

const part = document.getElementById("redrive");

if (part?.dataset.events) {
    const events = new EventSource(part.dataset.events);
    events.addEventListener("progress", event => show(JSON.parse(event.data)));
    events.addEventListener("done", event => {
        events.close();
        show(JSON.parse(event.data));
        refresh();
    });
}

function show(status) {
    part.querySelector("[data-redriven]").textContent = status.redriven.toLocaleString("en-US");
    part.querySelector("[data-seconds]").textContent = status.seconds;
    part.querySelector("progress").value = status.redriven + status.skipped;
}
