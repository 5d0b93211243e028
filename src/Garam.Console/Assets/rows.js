// The table of records: a window of rows made from the server's own template, and records opened in place.
import { showPart } from "./part.js";

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
    }

    /** Adds rows at the end; the oldest of more than a thousand leave the window. */
    append(records) {
        const rows = document.createDocumentFragment();
        for (const record of records.slice(-kept))
            rows.append(this.#row(record));
        this.#count += rows.childElementCount;
        this.#body.append(rows);
        for (; this.#count > kept; this.#count--)
            remove(this.#body.firstElementChild);
    }

    // Text goes in as text: whatever a record holds, it is never markup here.
    #row(record) {
        const row = this.#template.cloneNode(true);
        for (const cell of row.querySelectorAll("[data-field]")) {
            const text = record[cell.dataset.field];
            cell.textContent = text ?? cell.dataset.none;
            cell.classList.toggle("none", text === null);
        }
        row.querySelector("a").href = `/console/topics/${encodeURIComponent(record.topic)}/${record.partition}/${record.offset}`;
        if (record.timestamp) {
            const time = row.querySelector("time");
            time.dateTime = record.timestamp.replace(" ", "T") + "Z";
            time.title = `${record.timestamp} UTC`;
        }
        return row;
    }

    // A click anywhere in a row opens it, unless it ends a selection of text or asks for a new tab.
    #click(event) {
        const row = event.target.closest("tr.record");
        const link = event.target.closest("a");
        if (!row || event.ctrlKey || event.metaKey || event.shiftKey || link && !link.matches(".open") || !link && String(getSelection()))
            return;
        event.preventDefault();
        this.#toggle(row);
    }

    #toggle(row) {
        const link = row.querySelector("a.open");
        const isOpen = row.nextElementSibling?.matches("tr.opened");
        link.setAttribute("aria-expanded", String(!isOpen));
        if (isOpen) {
            row.nextElementSibling.remove();
            return;
        }
        const opened = document.createElement("tr");
        opened.className = "opened";
        const cell = opened.insertCell();
        cell.colSpan = row.cells.length;
        row.after(opened);
        showPart(cell, link.href);
    }
}

function remove(row) {
    if (row.nextElementSibling?.matches("tr.opened"))
        row.nextElementSibling.remove();
    row.remove();
}
