/* What a page loses with its text at `percent` of its size: text off the screen or clipped, controls over each other. */
(percent) => {
  const root = document.documentElement;
  const found = [];
  root.style.fontSize = percent === 100 ? "" : `${percent}%`;
  // What is laid out only near the screen is clipped at its own edge, so too wide would look like fitting.
  for (const one of document.querySelectorAll("main :is(.prose, .widget, .chart)")) {
    one.style.contentVisibility = "visible";
  }
  const width = root.clientWidth;
  if (root.scrollWidth > width) found.push(`page: ${root.scrollWidth} px wide`);

  const style = getComputedStyle;
  const within = (one, told) => Boolean(one) && (told(one) || within(one.parentElement, told));
  // For ears only, or the address of a jump: never on the screen.
  const apart = (one) => one.matches(".skip") || (style(one).clipPath !== "none" && one.clientWidth <= 1);
  // What is folded away has boxes, but is not visible.
  const shown = (one) => one.checkVisibility({ visibilityProperty: true }) && !within(one, apart);
  const scrolls = (one) => within(one, (up) => ["auto", "scroll"].includes(style(up).overflowX));
  const words = (one) => (one.textContent.trim() || one.id || one.tagName).replace(/\s+/g, " ").slice(0, 40);
  const rects = (node) => {
    const range = document.createRange();
    range.selectNodeContents(node);
    return [...range.getClientRects()];
  };

  // Of a longer text that opens whole, one line (.clip) is meant to end early.
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let text = texts.nextNode(); text; text = texts.nextNode()) {
    const one = text.parentElement;
    if (!text.data.trim() || one.closest("script, option, svg, .clip") || !shown(one) || scrolls(one)) continue;
    const out = rects(text).some(({ left, right }) => left < -1 || right > width + 1);
    if (out) found.push(`off the screen: ${words(text)}`);
  }

  // What stands in a field moves with its caret.
  for (const one of document.querySelectorAll("body *")) {
    if (one.closest("svg, .clip, input") || !["hidden", "clip"].includes(style(one).overflowX) || !shown(one)) continue;
    const over = one.scrollWidth > one.clientWidth + 1 || one.scrollHeight > one.clientHeight + 1;
    if (over) found.push(`clipped: ${words(one)}`);
  }

  const controls = "a, button, select, textarea, input:not([type=hidden]), summary, label";
  const parts = [...document.querySelectorAll(controls)]
    .filter(shown)
    .map((one) => [one, one.tagName === "A" ? rects(one) : [one.getBoundingClientRect()]]);
  const meet = (a, b) =>
    Math.min(a.right, b.right) - Math.max(a.left, b.left) > 2 &&
    Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 2;
  parts.forEach(([one, own], index) => {
    for (const [other, theirs] of parts.slice(index + 1)) {
      if (one.contains(other) || other.contains(one)) continue;
      if (own.some((a) => theirs.some((b) => meet(a, b)))) found.push(`overlap: ${words(one)} / ${words(other)}`);
    }
  });
  root.style.fontSize = "";
  return found;
}
