// The box in the head of a list ticks the rows that are shown. Without this module each row is ticked by itself.
document.addEventListener("change", event => {
    if (!event.target.matches("[data-select-all]"))
        return;
    for (const box of event.target.form.querySelectorAll("input[name=topic]"))
        box.checked = event.target.checked;
});
