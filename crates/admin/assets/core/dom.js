// Builds the page without HTML strings, so that text from the API is always shown as text.

/** @typedef {Node | string | number | null | undefined | false | Child[]} Child */

/** Members that are set as properties, because their attributes hold only the initial state. */
const PROPERTIES = new Set([
  'value',
  'checked',
  'disabled',
  'hidden',
  'indeterminate',
  'selected',
  'readOnly',
  'multiple',
  'required',
  'srcObject',
]);

/**
 * Creates an element. `on…` members are listeners, `vars` are custom properties of CSS, and members that are null,
 * undefined or false are left out.
 * @param {string} tag
 * @param {Record<string, any>} [props]
 * @param {...Child} children
 * @returns {any}
 */
export function h(tag, props = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) set(element, name, value);
  append(element, children);
  return element;
}

/**
 * Creates an element of SVG.
 * @param {string} tag
 * @param {Record<string, any>} [props]
 * @param {...Child} children
 * @returns {any}
 */
export function svg(tag, props = {}, ...children) {
  const element = document.createElementNS('http://www.w3.org/2000/svg', tag);
  for (const [name, value] of Object.entries(props)) {
    if (value !== null && value !== undefined) element.setAttribute(name, String(value));
  }
  append(element, children);
  return element;
}

function set(element, name, value) {
  if (value === null || value === undefined) return;
  if (name.startsWith('on')) element.addEventListener(name.slice(2), value);
  else if (PROPERTIES.has(name)) element[name] = value;
  else if (name === 'vars') setVariables(element, value);
  else if (name === 'data') Object.assign(element.dataset, value);
  else if (value !== false) element.setAttribute(name, value === true ? '' : String(value));
}

/** Sets custom properties. The Content-Security-Policy forbids style attributes in HTML, but not this. */
export function setVariables(element, variables) {
  for (const [name, value] of Object.entries(variables)) element.style.setProperty(name, String(value));
}

/** Appends children; texts become text nodes. */
export function append(element, children) {
  for (const child of children.flat(Infinity)) {
    if (child === null || child === undefined || child === false) continue;
    element.append(child instanceof Node ? child : String(child));
  }
}

/** Replaces everything in an element. */
export function fill(element, ...children) {
  element.replaceChildren();
  append(element, children);
  return element;
}

let lastId = 0;

/** An id that no other element has. */
export function newId(prefix = 'e') {
  lastId += 1;
  return `${prefix}-${lastId}`;
}

/** An address that may be shown or opened, or null: people write addresses, and `javascript:` is one. */
export function safeUrl(text) {
  if (!text || !URL.canParse(text, location.href)) return null;
  const url = new URL(text, location.href);
  return ['http:', 'https:', 'blob:'].includes(url.protocol) ? url.href : null;
}

/** A picture, or an empty frame if there is none or it can't be loaded. */
export function picture(url, alt, className = 'thumb') {
  const frame = h('span', { class: className });
  const source = safeUrl(url);
  if (!source) return frame;
  const image = h('img', { alt, loading: 'lazy', decoding: 'async', src: source });
  image.addEventListener('error', () => image.remove());
  frame.append(image);
  return frame;
}

/** Calls a function once after a pause in its calls. */
export function debounce(callback, milliseconds) {
  let timer;
  return (...values) => {
    clearTimeout(timer);
    timer = setTimeout(() => callback(...values), milliseconds);
  };
}

/** A text for screen readers only. */
export function hidden(text) {
  return h('span', { class: 'visually-hidden' }, text);
}
