// The command of a form follows what is filled in: the server makes it, from the same request that the form sends.

for (const form of document.querySelectorAll("form[data-command]")) {
    const cli = form.querySelector(".same-by-command") ?? document.querySelector("footer.same-by-command");
    const code = cli?.querySelector("code");
    if (!code)
        continue;
    let asked = 0;
    form.addEventListener("input", async () => {
        const number = ++asked;
        try {
            const answer = await fetch(form.dataset.command, { method: "POST", body: new URLSearchParams(new FormData(form)) });
            const command = answer.ok ? await answer.text() : "";
            if (number !== asked)
                return;
            cli.hidden = command === "";
            code.textContent = command;
            cli.querySelector("[data-copy]").dataset.copy = command;
        } catch {
            cli.hidden = true;
        }
    });
}
