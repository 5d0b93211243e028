// Parts of other pages, shown in this one: a record below its row, its journey below the record.

/** Fetches a page's part and puts it in place. Links in it that carry `data-in-place` replace it in their turn. */
export async function showPart(place, address) {
    place.setAttribute("aria-busy", "true");
    const url = new URL(address, location.href);
    url.searchParams.set("part", "true");
    try {
        const answer = await fetch(url, { headers: { accept: "text/html" } });
        // Our own page, in which the server has escaped what records hold. A document parsed like this runs nothing.
        const page = new DOMParser().parseFromString(await answer.text(), "text/html");
        place.replaceChildren(...(page.querySelector("main") ?? page.body).childNodes);
    } catch {
        place.textContent = document.documentElement.lang === "ko" ? "불러오지 못했습니다. 페이지를 새로 고치세요." : "This could not be loaded. Reload the page.";
    }
    place.removeAttribute("aria-busy");
    document.dispatchEvent(new CustomEvent("garam:refreshed"));
}

document.addEventListener("click", event => {
    const link = event.target.closest("a[data-in-place]");
    const place = link?.closest(link.dataset.inPlace);
    if (!place || event.ctrlKey || event.metaKey || event.shiftKey)
        return;
    event.preventDefault();
    showPart(place, link.href);
});
