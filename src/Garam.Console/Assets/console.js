// What every page has. Each part is a module of its own and works without the others; without any of them the pages are links and forms.
import "./live.js";
import "./keys.js";
import "./dialogs.js";
import "./copy.js";
import "./command.js";
import "./times.js";

// What does nothing without scripts.
const offer = root => root.querySelectorAll("[data-scripted][hidden]").forEach(element => element.hidden = false);

document.addEventListener("garam:refreshed", () => offer(document));
offer(document);
