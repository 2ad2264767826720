// Each function looks at the page as it is now, and gives what is wrong as a list of texts.

const all = (selector, within = document) => [...within.querySelectorAll(selector)];
const named = element => {
  const about = element.closest("[id]"), text = element.textContent.trim().slice(0, 40);
  return `${element.tagName.toLowerCase()} in #${about ? about.id : ""} (${text})`;
};

// What an exact number should be shown as is not known here, but a shown time says its unit.
const nanoseconds = text => {
  const parts = /^([\d.]+) (ns|us|µs|ms|s)\b/.exec(text.replace(/^([\d.]+) \([^)]*\)/, "$1"));
  return parts && Number(parts[1]) * { ns: 1, us: 1e3, "µs": 1e3, ms: 1e6, s: 1e9 }[parts[2]];
};

function sorting() {
  const wrong = [];
  let telling = 0;
  for (const table of all("table")) for (const [index, head] of [...table.tHead.rows[0].cells].entries()) {
    const before = table.tBodies[0].rows.length;
    for (const way of ["ascending", "descending"]) {
      const say = text => wrong.push(`${named(head)}, ${way}: ${text}`);
      head.querySelector("button").click();
      if (head.getAttribute("aria-sort") !== way) say(`aria-sort is ${head.getAttribute("aria-sort")}`);
      if (all("[aria-sort]", table).length !== 1) say("more than one column says that it is sorted");
      const cells = [...table.tBodies[0].rows].map(row => row.cells[index]);
      if (cells.length !== before) say("rows are lost");
      const signed = way === "ascending" ? 1 : -1;
      const rising = values => values.every((it, at) => at === 0 || signed * (it - values[at - 1]) >= 0);
      const numbers = cells.filter(it => "v" in it.dataset), exact = numbers.map(it => Number(it.dataset.v));
      if (exact.some(Number.isNaN)) say("a number is none");
      if (!rising(exact)) say(`not in order: ${exact}`);
      if (cells.slice(0, numbers.length).some(it => !("v" in it.dataset))) say("a row without a number is not last");
      const times = numbers.map(it => nanoseconds(it.textContent));
      if (times.every(it => it !== null) && !rising(times)) say(`times are not in order: ${times}`);
      const texts = numbers.map(it => it.textContent);
      if (String(texts) !== String([...texts].sort())) telling += 1;
    }
  }
  if (telling === 0) wrong.push("no column has another order as text, so nothing was checked");
  return wrong;
}

function pictures() {
  const hidden = svg => {
    const { width, height } = svg.getBoundingClientRect();
    return width < 100 || height < 50 || !svg.checkVisibility({ opacityProperty: true, visibilityProperty: true });
  };
  const wrong = all("svg").filter(hidden).map(svg => `${named(svg)} cannot be seen`);
  for (const text of all("svg text")) {
    const { left, right, top, bottom } = text.getBoundingClientRect(), room = text.ownerSVGElement.getBoundingClientRect();
    if (left < room.left || right > room.right || top < room.top || bottom > room.bottom) wrong.push(`${named(text)} leaves its picture`);
  }
  return all("svg").length ? wrong : ["there is no picture"];
}

// https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio
function contrast() {
  const channels = colour => {
    const [r, g, b, alpha = 1] = colour.match(/[\d.]+/g).map(Number);
    if (!colour.startsWith("rgb") || ![0, 1].includes(alpha)) throw new Error(`an unknown colour: ${colour}`);
    return alpha ? [r, g, b] : null;
  };
  const luminance = colour => {
    const linear = value => value <= 10.31475 ? value / 3294.6 : ((value / 255 + 0.055) / 1.055) ** 2.4;
    const [r, g, b] = colour.map(linear);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  // Paper is white, and backgrounds are not printed unless somebody asks for it.
  const paper = matchMedia("print").matches;
  const behind = element => {
    const svg = element.closest("svg");
    if (svg) return channels(getComputedStyle(svg.querySelector("rect")).fill);
    for (let it = element; it && !paper; it = it.parentElement) {
      const colour = channels(getComputedStyle(it).backgroundColor);
      if (colour) return colour;
    }
    return [255, 255, 255];
  };
  const wrong = new Set();
  const look = (element, pseudo) => {
    const style = getComputedStyle(element, pseudo);
    const [a, b] = [channels(element.closest("svg") ? style.fill : style.color), behind(element)].map(luminance);
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (ratio < 4.5) wrong.add(`${named(element)} ${pseudo || ""}: contrast ${ratio.toFixed(2)}`);
  };
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  let seen = 0;
  while (texts.nextNode()) {
    const element = texts.currentNode.parentElement;
    if (!texts.currentNode.data.trim() || element.closest("script,style,svg title,svg desc")) continue;
    if (!element.checkVisibility()) continue;
    seen += 1;
    look(element);
  }
  for (const button of all("thead button")) look(button, "::after");
  return seen > 100 ? [...wrong] : [...wrong, "there is hardly any text"];
}

function anchors() {
  const wrong = [], ids = all("[id]").map(it => it.id);
  for (const [at, id] of ids.entries()) {
    if (ids.indexOf(id) !== at) wrong.push(`two elements are #${id}`);
    if (!/^[a-z0-9][a-z0-9-]*$/.test(id)) wrong.push(`no address can be written for #${id}`);
  }
  for (const link of all("a")) {
    const to = link.getAttribute("href");
    // The source of an explanation; nothing is asked for until somebody follows it.
    if (to.startsWith("https://")) continue;
    if (!to.startsWith("#") || !document.getElementById(to.slice(1))) wrong.push(`a link leads nowhere: ${to}`);
  }
  for (const row of all("tbody tr")) {
    if (!row.id) { wrong.push(`${named(row)} has no anchor`); continue; }
    location.hash = row.id;
    if (!inView(row.id)) wrong.push(`#${row.id} is not scrolled into view`);
  }
  return wrong;
}

function inView(id) {
  const { top, bottom } = document.getElementById(id).getBoundingClientRect();
  return top >= -1 && bottom <= innerHeight + 1;
}

// What is wider than the page. In a box that scrolls that is well, except on paper.
function widths(scrolls) {
  const wrong = [], width = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth > width) wrong.push(`the page is ${document.documentElement.scrollWidth} wide, the window ${width}`);
  for (const element of all("body *")) {
    if (!element.checkVisibility() || element.ownerSVGElement) continue;
    const boxed = element.parentElement.closest(".scroll,.plot");
    const { left, right } = element.getBoundingClientRect();
    if ((left < -0.5 || right > width + 0.5) && !(scrolls && boxed)) wrong.push(`${named(element)} ends at ${right}`);
    const cut = element.scrollWidth > element.clientWidth + 1 && getComputedStyle(element).overflowX !== "visible";
    if (cut && !scrolls) wrong.push(`${named(element)} is cut`);
  }
  return wrong;
}

// What names could have smuggled in, or swallowed: a comment would hide all that follows.
function intruders() {
  const wrong = all("script").slice(3).map(it => `a script too many: ${it.outerHTML.slice(0, 80)}`);
  if (all("script").length < 3 || !document.querySelector("footer")) wrong.push("the end of the page is missing");
  if (document.createTreeWalker(document, NodeFilter.SHOW_COMMENT).nextNode()) wrong.push("there is a comment");
  for (const element of all("*")) {
    for (const attribute of element.attributes) if (attribute.name.startsWith("on")) wrong.push(`${named(element)} has ${attribute.name}`);
  }
  // What is saved keeps its characters.
  const shown = document.documentElement.cloneNode(true);
  for (const script of all("script", shown)) script.remove();
  if (/[\u200e\u200f\u202a-\u202e]/.test(shown.innerHTML)) wrong.push("a character that turns text around");
  return wrong;
}

async function axe() {
  const { violations } = await globalThis.axe.run(document, { resultTypes: ["violations"] });
  const grave = violations.filter(it => ["serious", "critical"].includes(it.impact));
  return grave.map(it => `${it.impact} ${it.id}: ${it.help}: ${it.nodes.slice(0, 3).map(node => node.html.slice(0, 200)).join(" | ")} (${it.nodes.length})`);
}
