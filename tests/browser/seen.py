"""Every number of a page in Chromium, and by what it is told apart: figure, reason, drawing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Page

_COLLECT = r"""
() => {
  const SKIP = /^(SCRIPT|STYLE|NOSCRIPT|TITLE|OPTION|TEMPLATE)$/;
  const where = (el) => {
    const names = [];
    for (let e = el; e && e !== document.body && names.length < 5; e = e.parentElement)
      names.unshift(e.tagName.toLowerCase() + (e.getAttribute('class')
        ? '.' + e.getAttribute('class').trim().split(/\s+/)[0] : ''));
    return names.join(' > ');
  };
  const drawnIn = (el) => el.closest('svg, .leaflet-container, .tiles, .board, .board-rest')
    && el.closest('[data-drawn]');
  const twinOf = (el) => {
    const box = el.closest('[data-drawn]');
    const link = box && box.querySelector('a.twin') || document.querySelector('.embed-foot a.twin');
    return link ? link.pathname + link.search : box && box.dataset.drawn === 'words' ? 'words' : '';
  };
  const figures = [...document.querySelectorAll('[data-figure]')].map((el) => ({
    id: el.dataset.figure, how: el.dataset.how || '', against: el.dataset.against || '',
    text: el.textContent.replace(/\s+/g, ' ').trim(), where: where(el),
    nested: Boolean(el.querySelector('[data-figure], [data-plain]')),
  }));
  const plain = [], bare = [], drawn = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node; (node = walker.nextNode());) {
    const text = node.textContent.replace(/\s+/g, ' ').trim(), el = node.parentElement;
    if (!el || SKIP.test(el.tagName) || !/\d/.test(text)) continue;
    const said = el.closest('[data-figure], [data-plain]');
    if (said && said.dataset.figure !== undefined) continue;
    const one = { text, where: where(el), tick: Boolean(el.closest('[class*=tick]')) };
    if (said) plain.push({ ...one, reason: said.dataset.plain,
      scaled: Boolean(el.closest('svg, .map-legend, .when-axis')) });
    else if (el.closest('time, code, pre')) continue;
    else if (drawnIn(el)) drawn.push({ ...one, twin: twinOf(el) });
    else bare.push(one);
  }
  const drawings = [...document.querySelectorAll('svg[role=img], .plot, .leaflet-map')]
    .filter((el) => !el.parentElement.closest('svg, .plot'))
    .map((el) => ({ where: where(el), twin: twinOf(el), label: el.getAttribute('aria-label') || '',
      around: (el.closest('section') || el).textContent }));
  const SPOKEN = ['title', 'aria-label', 'aria-description', 'aria-valuetext', 'alt'];
  const around = (el) => el.closest('section, article, table, header, form, li') || el;
  const spoken = SPOKEN.flatMap((name) => [...document.querySelectorAll(`[${name}]`)].map((el) => ({
    text: el.getAttribute(name).replace(/\s+/g, ' ').trim(), where: `${where(el)} @${name}`,
    twin: twinOf(el), near: around(el).textContent, reason: el.closest('[data-plain]') !== null,
    id: el.closest('[data-figure]') ? el.closest('[data-figure]').dataset.figure : '',
  }))).filter((one) => /\d/.test(one.text) && !one.reason);
  return { figures, plain, spoken, bare, drawn, drawings,
    all: document.body.innerText.slice(0, 400),
    cells: [...document.querySelectorAll('main td, main th')].map((el) => el.textContent).join(' '),
    seq: Number(document.body.dataset.seq || 0) };
}
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What a page shows at one moment. Each entry is as the page says it.

    `figures`: id, how, against, text; `plain`: reason, text; `bare`: text nodes with a digit and
    neither; `drawn`: those within a drawing, with their twin; `drawings`: each with its twin;
    `spoken`: titles and labels with a digit, unless their element is plain, with their figure and
    the text of the section around them.
    """

    figures: list[dict[str, Any]]
    plain: list[dict[str, Any]]
    bare: list[dict[str, Any]]
    drawn: list[dict[str, Any]]
    drawings: list[dict[str, Any]]
    spoken: list[dict[str, Any]]
    seq: int
    cells: str
    all: str


def seen(page: Page) -> Seen:
    """All numbers of a page once it stands still: two looks 0.3 s apart are the same."""
    before = page.evaluate(_COLLECT)
    for _ in range(60):
        page.wait_for_timeout(300)
        now = page.evaluate(_COLLECT)
        if now == before and now["seq"]:
            return Seen(**now)
        before = now
    raise AssertionError(f"the page never stands still: {before['all']}")
