// What every page has. Each part is a module of its own and works without the others; without any of them the pages are links and forms.
import "./live.js";
import "./keys.js";
import "./dialogs.js";
import "./copy.js";
import "./times.js";
