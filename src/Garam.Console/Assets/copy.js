// The buttons that copy: shown only where the browser lets us.
const able = Boolean(navigator.clipboard);

const show = () => able && document.querySelectorAll("[data-copy][hidden]").forEach(button => button.hidden = false);

document.addEventListener("click", async event => {
    const button = event.target.closest("[data-copy]");
    if (!button)
        return;
    await navigator.clipboard.writeText(button.dataset.copy);
    const label = button.textContent;
    if (label === button.dataset.done)
        return;
    button.textContent = button.dataset.done;
    setTimeout(() => button.textContent = label, 1500);
});

document.addEventListener("garam:refreshed", show);
show();
