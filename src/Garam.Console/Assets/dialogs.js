// Opens the dialogs of a page over it. Without this module the same links lead to the page with the dialog open.

/** Opens a dialog; the browser keeps the focus inside and gives it back. */
export function open(dialog) {
    if (!dialog || dialog.open && dialog.matches(":modal"))
        return false;
    dialog.removeAttribute("open");
    dialog.showModal();
    return true;
}

document.addEventListener("click", event => {
    const opener = event.target.closest("[data-dialog]");
    if (opener && open(document.getElementById(opener.dataset.dialog)))
        event.preventDefault();

    const closer = event.target.closest("[data-close]");
    if (closer?.closest("dialog")) {
        closer.closest("dialog").close();
        event.preventDefault();
    }
});

// The button works when the name is there as it is; the server asks again.
function check(field) {
    const button = field.form.querySelector("button:not([type=button])");
    button.disabled = field.value !== field.dataset.expects;
}

for (const field of document.querySelectorAll("[data-expects]"))
    check(field);
document.addEventListener("input", event => event.target.matches("[data-expects]") && check(event.target));

// One press is one change, also for an impatient finger.
document.addEventListener("submit", event => {
    if (event.target.method !== "post")
        return;
    if (event.target.dataset.sent)
        event.preventDefault();
    event.target.dataset.sent = "yes";
});

// Back to a page that the browser kept: its forms may be sent again.
addEventListener("pageshow", () => document.querySelectorAll("form[data-sent]").forEach(form => delete form.dataset.sent));

for (const dialog of document.querySelectorAll("dialog[open]"))
    open(dialog);
