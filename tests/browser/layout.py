"""Finds what a careful eye would call broken on a page: cut text, overlapping text, scroll bars."""

from __future__ import annotations

from playwright.sync_api import Page

SIZES = ((1920, 1080), (3840, 1080), (1366, 768), (390, 844))

_PROBLEMS = """
(wall) => {
  const out = [];
  const seen = [];
  // closed details and pop-overs have boxes too, but nobody sees them
  const shown = (el) => el.checkVisibility({opacityProperty: true, visibilityProperty: true})
                        && !el.closest('.sr-only');
  const floats = (el) => { // a sticky head or foot covers what scrolls beneath it
    for (let e = el; e && e !== document.body; e = e.parentElement)
      if (/sticky|fixed/.test(getComputedStyle(e).position)) return true;
    return false;
  };
  const scrolls = (el) => {
    for (let e = el; e && e !== document.body; e = e.parentElement) {
      const s = getComputedStyle(e);
      if (/(auto|scroll)/.test(s.overflowX + s.overflowY)) return e;
    }
    return null;
  };
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node; (node = walker.nextNode());) {
    const text = node.textContent.trim();
    const el = node.parentElement;
    if (!text || !el || /^(SCRIPT|STYLE|OPTION|TITLE|NOSCRIPT)$/.test(el.tagName)) continue;
    if (!shown(el)) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    const box = scrolls(el);
    for (const r of range.getClientRects()) {
      if (r.width < 1 || r.height < 1 || r.right <= 0 || r.bottom <= 0) continue; // skip links
      if (box) {
        const b = box.getBoundingClientRect();
        if (r.bottom <= b.top || r.top >= b.bottom) continue;
        if (r.right <= b.left || r.left >= b.right) continue;
      }
      // a line box of Noto Sans CJK is 1.45 em high; the glyphs take the middle of it
      const t = r.top + 0.19 * r.height, b = r.bottom - 0.12 * r.height;
      seen.push({text: text.slice(0, 24), el, box, l: r.left, t, r: r.right, b});
    }
    for (let e = el; e && e !== document.body; e = e.parentElement) {
      const s = getComputedStyle(e);
      if (/(auto|scroll)/.test(s.overflowX) && e.scrollWidth > e.clientWidth + 1) break;
      const cutsX = /(hidden|clip)/.test(s.overflowX) && e.scrollWidth > e.clientWidth + 1;
      const cutsY = /(hidden|clip)/.test(s.overflowY) && e.scrollHeight > e.clientHeight + 1;
      if ((cutsX || cutsY) && !e.hasAttribute('data-may-cut') && !(e.tagName === 'svg')) {
        const b = e.getBoundingClientRect();
        const rects = [...range.getClientRects()];
        if (rects.some((r) => (cutsX && (r.right > b.right + 1 || r.left < b.left - 1))
                           || (cutsY && (r.bottom > b.bottom + 2 || r.top < b.top - 2))))
          out.push(`cut: "${text.slice(0, 40)}" in ${e.tagName}.${e.className}`);
      }
    }
  }
  const W = innerWidth, H = innerHeight;
  for (const a of seen) {
    if (a.r > W + 1 && !a.box) out.push(`beyond the right edge: "${a.text}"`);
    if (wall && a.b > H + 1) out.push(`below the screen: "${a.text}"`);
    if (a.l < -1 && !a.box) out.push(`beyond the left edge: "${a.text}"`);
  }
  for (let i = 0; i < seen.length; i++) for (let j = i + 1; j < seen.length; j++) {
    const a = seen[i], b = seen[j];
    if (a.el === b.el || a.el.contains(b.el) || b.el.contains(a.el) || a.box !== b.box) continue;
    const w = Math.min(a.r, b.r) - Math.max(a.l, b.l), h = Math.min(a.b, b.b) - Math.max(a.t, b.t);
    if (w > 2 && h > 2 && floats(a.el) === floats(b.el)) {
      const top = document.elementFromPoint((Math.max(a.l, b.l) + Math.min(a.r, b.r)) / 2,
                                            (Math.max(a.t, b.t) + Math.min(a.b, b.b)) / 2);
      const pop = top && top.closest('[data-over]');
      if (!pop) out.push(`overlap: "${a.text}" and "${b.text}"`);
    }
  }
  const root = document.documentElement;
  if (root.scrollWidth > W + 1) out.push(`horizontal scroll: ${root.scrollWidth} > ${W}`);
  if (wall && root.scrollHeight > H + 1) out.push(`vertical scroll: ${root.scrollHeight} > ${H}`);
  return [...new Set(out)].slice(0, 30);
}
"""


def problems(page: Page, *, wall: bool) -> list[str]:
    """What is cut, overlapping or out of sight on the page as it stands; [] is a good page."""
    found: list[str] = page.evaluate(_PROBLEMS, wall)
    return found
