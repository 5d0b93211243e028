// Says, while a letter is corrected, whether its value is still JSON. The server asks again, and it alone decides.

for (const form of document.querySelectorAll("form[data-letter]")) {
    const note = form.querySelector("[data-json-note]");
    const field = form.querySelector("textarea[data-json]");
    if (!note || !field)
        continue;
    const check = () => {
        const mistake = mistakeIn(field.value);
        note.textContent = mistake ? `${note.dataset.bad} ${mistake}` : note.dataset.good;
        note.classList.toggle("bad", mistake !== null);
        note.hidden = false;
    };
    field.addEventListener("input", check);
    form.addEventListener("reset", () => setTimeout(check));
    check();
}

// Only whether it parses: the text is never replaced by what the parser made of it, which rounds long numbers.
function mistakeIn(text) {
    try {
        JSON.parse(text);
        return null;
    } catch (mistake) {
        return mistake.message;
    }
}
