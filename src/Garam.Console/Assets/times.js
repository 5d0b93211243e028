// Times are told in UTC by the server; the reader's own time is added to what the pointer shows.
const local = new Intl.DateTimeFormat(document.documentElement.lang, { dateStyle: "medium", timeStyle: "long" });

function tell() {
    for (const time of document.querySelectorAll("time[datetime]"))
        if (!time.title.includes("\n"))
            time.title += `\n${local.format(new Date(time.dateTime))}`;
}

document.addEventListener("garam:refreshed", tell);
tell();
