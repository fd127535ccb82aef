// Builds elements. Text only ever becomes text: nothing here, or anywhere, writes HTML.

const SVG = 'http://www.w3.org/2000/svg';

/**
 * Makes an element.
 *
 * @param {string} name of the element; classes may follow after dots
 * @param {object} [attributes] set as attributes; `on` holds listeners, and what is null, undefined
 *     or false is left out
 * @param {...(Node|string|null)} children
 */
export function el(name, attributes = {}, ...children) {
  const [tag, ...classes] = name.split('.');
  const element = document.createElement(tag);
  if (classes.length > 0) {
    element.classList.add(...classes);
  }
  for (const [key, value] of Object.entries(attributes)) {
    if (key === 'on') {
      for (const [event, listener] of Object.entries(value)) {
        element.addEventListener(event, listener);
      }
    } else if (value === true) {
      element.setAttribute(key, '');
    } else if (value !== null && value !== undefined && value !== false) {
      element.setAttribute(key, value);
    }
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return element;
}

/** Makes one of the page's icons; it says nothing to a screen reader. */
export function icon(name) {
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('aria-hidden', 'true');
  const use = document.createElementNS(SVG, 'use');
  use.setAttribute('href', `#i-${name}`);
  svg.append(use);
  return svg;
}

/** Makes a button with an icon and a label. */
export function button(kind, iconName, label, onClick, attributes = {}) {
  return el(
      `button.${kind}`, {type: 'button', ...attributes, on: {click: onClick}},
      iconName ? icon(iconName) : null, el('span', {}, label));
}

/** Sets an element's text if it differs, so that a selection or a screen reader is not disturbed. */
export function setText(element, text) {
  if (element.textContent !== text) {
    element.textContent = text;
  }
}

/**
 * Keeps a list's elements in step with values, each by its key: what stays keeps its element, and
 * so focus and selection.
 */
export class KeyedList {
  constructor(parent, keyOf, make) {
    this.parent = parent;
    this.keyOf = keyOf;
    this.make = make;
    this.items = new Map();
  }

  show(values) {
    const keys = new Set(values.map(this.keyOf));
    for (const [key, item] of this.items) {
      if (!keys.has(key)) {
        item.element.remove();
        this.items.delete(key);
      }
    }
    let before = null;
    for (const value of values) {
      const key = this.keyOf(value);
      let item = this.items.get(key);
      if (!item) {
        item = this.make(value);
        this.items.set(key, item);
      }
      item.update(value);
      const place = before ? before.nextSibling : this.parent.firstChild;
      if (place !== item.element) {
        this.parent.insertBefore(item.element, place);
      }
      before = item.element;
    }
  }
}

let noticeTimer = 0;

/** Says something to everybody, for a while; screen readers read it. */
export function notify(text, kind = 'good') {
  const notices = document.getElementById('notices');
  notices.replaceChildren(el(`p.notice.${kind}`, {}, icon(kind === 'good' ? 'done' : 'failed'), el('span', {}, text)));
  clearTimeout(noticeTimer);
  noticeTimer = setTimeout(() => notices.replaceChildren(), 7_000);
}
