// The command below a form follows what is filled in: the server makes it, from the same request that the form sends.

for (const form of document.querySelectorAll("form[data-command]")) {
    const cli = document.querySelector("footer.same-by-command");
    const code = cli?.querySelector("code");
    if (!code)
        continue;
    const suffix = cli.dataset.suffix ?? "";
    let asked = 0;
    form.addEventListener("input", async () => {
        const number = ++asked;
        try {
            const answer = await fetch(form.dataset.command, { method: "POST", body: new URLSearchParams(new FormData(form)) });
            const command = answer.ok ? await answer.text() : "";
            if (number !== asked)
                return;
            cli.hidden = command === "";
            code.textContent = command + suffix;
            cli.querySelector("[data-copy]").dataset.copy = command + suffix;
        } catch {
            cli.hidden = true;
        }
    });
}
