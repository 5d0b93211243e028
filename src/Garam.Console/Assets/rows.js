// The table of records: a window of rows made from the server's own template, and records opened in place.
import { showPart } from "./part.js";
import { show } from "./times.js";

/** Rows that stay in the window. */
export const kept = 1000;

export class Rows {
    #body;
    #template;
    #count;

    constructor(table, template) {
        this.#body = table.tBodies[0];
        this.#template = template.content.querySelector("tr");
        this.#count = this.#body.rows.length;
        table.addEventListener("click", event => this.#click(event));
        addEventListener("popstate", () => this.#showOpened());
        this.#showOpened();
    }

    /** Adds rows at the end; the oldest of more than a thousand leave the window. */
    append(records) {
        const rows = document.createDocumentFragment();
        for (const record of records.slice(-kept))
            rows.append(this.#row(record));
        this.#count += rows.childElementCount;
        this.#body.append(rows);
        for (; this.#count > kept; this.#count--)
            remove(this.#body.querySelector("tr.record"));
    }

    // Text goes in as text: whatever a record holds, it is never markup here.
    #row(record) {
        const row = this.#template.cloneNode(true);
        for (const cell of row.querySelectorAll("[data-field]")) {
            const text = record[cell.dataset.field];
            cell.textContent = (text === "" ? cell.dataset.empty : text) ?? cell.dataset.none;
            cell.classList.toggle("none", text === null || text === "");
        }
        row.querySelector("a").href = `/console/topics/${encodeURIComponent(record.topic)}/${record.partition}/${record.offset}`;
        if (record.timestamp) {
            const time = row.querySelector("time");
            time.dateTime = record.timestamp.replace(" ", "T") + "Z";
        }
        show(row);
        return row;
    }

    // A click anywhere in a row opens it, unless it ends a selection of text or asks for a new tab.
    #click(event) {
        const row = event.target.closest("tr.record");
        const link = event.target.closest("a");
        if (!row || event.ctrlKey || event.metaKey || event.shiftKey || link && !link.matches(".open") || !link && String(getSelection()))
            return;
        event.preventDefault();
        const place = placeOf(row.querySelector("a.open"));
        const open = wanted();
        const address = new URL(location.href);
        address.searchParams.delete("open");
        for (const other of open.includes(place) ? open.filter(one => one !== place) : [...open, place])
            address.searchParams.append("open", other);
        history.pushState(null, "", address);
        this.#showOpened();
    }

    // The address says which records are open, so that it can be sent to somebody and Back closes the last one.
    #showOpened() {
        const open = new Set(wanted());
        for (const opened of this.#body.querySelectorAll("tr.opened"))
            if (!open.delete(opened.dataset.place))
                close(opened);
        for (const place of open)
            this.#open(place);
    }

    #open(place) {
        const row = [...this.#body.querySelectorAll("tr.record")].find(one => placeOf(one.querySelector("a.open")) === place);
        const opened = document.createElement("tr");
        opened.className = "opened";
        opened.dataset.place = place;
        const cell = opened.insertCell();
        cell.colSpan = this.#template.cells.length;
        row?.querySelector("a.open").setAttribute("aria-expanded", "true");
        if (row)
            row.after(opened);
        else
            this.#body.prepend(opened);     // the page has moved on since the address was copied
        showPart(cell, location.pathname.replace(/messages$/, place));
    }
}

const wanted = () => new URLSearchParams(location.search).getAll("open").filter(place => /^\d+\/\d+$/.test(place));

const placeOf = link => link.getAttribute("href").split("/").slice(-2).join("/");

function close(opened) {
    if (opened.previousElementSibling?.matches("tr.record"))
        opened.previousElementSibling.querySelector("a.open").setAttribute("aria-expanded", "false");
    opened.remove();
}

function remove(row) {
    if (row.nextElementSibling?.matches("tr.opened"))
        row.nextElementSibling.remove();
    row.remove();
}
