"""What the pages set beyond Streamlit's own means: what may be loaded, where faults of an upload are seen, and words of Streamlit's own."""

import json

from app.language import Language

NARROW = 768  # pixels, below which Streamlit lays the menu over the page
ALWAYS_SEEN = "always-seen"  # the key of what stays at the foot of a narrow screen: who moves a lever sees what it does
# Whatever a file or a link may have smuggled into a text: no picture, film or frame is ever asked for elsewhere.
LOADED = "img-src 'self' data: blob:; media-src 'self' data: blob:; frame-src 'self'; object-src 'none'; form-action 'self'"
# A table that is wider than a narrow screen scrolls; a key must reach it too.
SCRIPT = """
document.documentElement.lang = LANGUAGE;
if (!window.tablesWatched) {
    const allowed = document.createElement('meta');
    allowed.httpEquiv = 'Content-Security-Policy';
    allowed.content = LOADED;
    document.head.append(allowed);
    const reach = () => document.querySelectorAll('[data-testid=stTable] div, .st-key-ALWAYS_SEEN').forEach(one => {
        if (one.scrollWidth > one.clientWidth || one.scrollHeight > one.clientHeight + 1) one.tabIndex = 0;
        else one.removeAttribute('tabindex');
    });
    window.tablesWatched = new MutationObserver(reach);
    tablesWatched.observe(document.body, {childList: true, subtree: true});
    addEventListener('resize', reach);
    // On a narrow screen the menu lies over the page: who has chosen wants to see the page.
    document.addEventListener('click', event => {
        const menu = document.querySelector('[data-testid=stSidebar]');
        if (innerWidth <= NARROW && menu && menu.contains(event.target) && event.target.closest('a'))
            document.querySelector('[data-testid=stSidebarCollapseButton] button').click();
    });
    reach();
}
"""
# Streamlit tells what is wrong with an upload to screen readers and those who hover only. Its own file of a table guards no formula; ours do.
STYLE = """
[data-testid=stMainBlockContainer] { padding-top: 5rem; }
@media (max-width: NARROWpx) {
    [data-testid=stTable] :is(td, th) { padding: 0.25rem 0.3rem; font-size: 0.8rem; overflow-wrap: anywhere; }
    .st-key-ALWAYS_SEEN {
        position: fixed; z-index: 99; inset: auto 0 0; width: auto; max-height: 33vh; overflow-y: auto; padding: 0.5rem 1rem; background: white;
        box-shadow: 0 -1px 4px rgb(0 0 0 / 0.25);
    }
    .st-key-ALWAYS_SEEN :is([data-testid=stMarkdownContainer], ul, li) { margin: 0; font-size: 0.875rem; line-height: 1.35; }
    .st-key-ALWAYS_SEEN ul { padding-left: 0.8rem; }
    .st-key-ALWAYS_SEEN li { padding-left: 0.3rem; }
    /* What lies below it can be scrolled into view, by hand and by key. */
    [data-testid=stMainBlockContainer]:has(.st-key-ALWAYS_SEEN) { padding-bottom: 40vh; }
    [data-testid=stMain]:has(.st-key-ALWAYS_SEEN) { scroll-padding-bottom: 36vh; }
}
[data-testid=stElementToolbarButton]:has([aria-label^="Download as CSV"]) { display: none; }
[data-testid=stFileChip] { flex-wrap: wrap; height: auto; max-width: 100%; }
[data-testid=stFileChip] [role=alert] {
    position: static; width: 100%; height: auto; margin: 0; padding: 0.25rem 0 0; overflow: visible;
    clip: auto; clip-path: none; white-space: normal; font-size: 0.875rem;
}
"""
CHINESE_STYLE = """
[data-testid=stFileUploaderDropzone] > span [data-testid=stMarkdownContainer] p { font-size: 0; }
[data-testid=stFileUploaderDropzone] > span [data-testid=stMarkdownContainer] p::after { content: UPLOAD; font-size: 0.875rem; }
[data-testid=stFileUploaderDropzoneInstructions] { display: none; }
[data-testid=stFileChip] [role=alert] { font-size: 0; }
[data-testid=stFileChip] [role=alert]::after { content: REFUSED; font-size: 0.875rem; }
"""


def page_style(spoken: Language) -> str:
    """Return the style and the script of a page as HTML; nothing in it comes from outside."""
    say = spoken.say
    style = STYLE.replace("NARROW", str(NARROW)).replace("ALWAYS_SEEN", ALWAYS_SEEN)
    if spoken.code != "en":  # what Streamlit itself says is English
        style += CHINESE_STYLE.replace("UPLOAD", text(say("Choose a file"))).replace(
            "REFUSED", text(say("This file is too large or not of a kind that is read."))
        )
    # A screen reader takes its voice from the language of the page.
    script = SCRIPT.replace("LANGUAGE", text(spoken.code)).replace("LOADED", text(LOADED)).replace("NARROW", str(NARROW))
    script = script.replace("ALWAYS_SEEN", ALWAYS_SEEN)
    return f"<style>{style}</style><script>{script}</script>"


def text(words: str) -> str:
    """Write words as a text of JavaScript or CSS."""
    return json.dumps(words, ensure_ascii=False)
