// The form that writes a record: who types a key or a value means one, whatever was chosen before.
for (const field of document.querySelectorAll(".produce [data-form-of], .produce .header")) {
    const form = field.querySelector("select");
    field.addEventListener("input", event => {
        if (form.name === event.target.name + "Form" && event.target.value !== "" && form.value === "null")
            form.value = "text";
    });
}
