// Makes one element like another and keeps what is alike: children are matched by id or `data-row`, else by their place and kind.

/** Changes `old` in place until it looks like `fresh`. */
export function morph(old, fresh) {
    if (old.isEqualNode(fresh))
        return;
    attributes(old, fresh);
    children(old, fresh);
}

function attributes(old, fresh) {
    // What the reader opened stays open.
    const kept = old.matches("details, dialog") ? "open" : null;
    for (const { name } of [...old.attributes])
        if (name !== kept && !fresh.hasAttribute(name))
            old.removeAttribute(name);
    for (const { name, value } of fresh.attributes)
        if (old.getAttribute(name) !== value)
            old.setAttribute(name, value);
}

function children(old, fresh) {
    const named = new Map();
    for (const child of old.children)
        if (keyOf(child))
            named.set(keyOf(child), child);

    let place = old.firstChild;
    for (const wanted of [...fresh.childNodes]) {
        const match = keyOf(wanted) ? named.get(keyOf(wanted)) : isAlike(place, wanted) ? place : null;
        if (!match) {
            old.insertBefore(document.importNode(wanted, true), place);
            continue;
        }
        if (match === place)
            place = place.nextSibling;
        else
            old.insertBefore(match, place);
        if (match.nodeType === Node.ELEMENT_NODE)
            morph(match, wanted);
        else if (match.data !== wanted.data)
            match.data = wanted.data;
    }
    while (place) {
        const gone = place;
        place = place.nextSibling;
        gone.remove();
    }
}

const keyOf = node => node.nodeType === Node.ELEMENT_NODE ? node.id || node.dataset.row : "";

const isAlike = (node, wanted) => node && node.nodeType === wanted.nodeType && node.nodeName === wanted.nodeName && !keyOf(node);
