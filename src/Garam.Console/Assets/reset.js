// Whoever writes a time means the time: its choice is made with it.

for (const targets of document.querySelectorAll("[data-targets]")) {
    targets.addEventListener("input", event => {
        const choice = event.target.closest(".target")?.querySelector("input[type=radio]");
        if (choice)
            choice.checked = true;
    });
}
