// Shows the page that the address names. Addresses are fragments, such as `#/products?status=inactive`, so that the
// server needs to know only `/admin`.

import { fill, h } from './dom.js';
import { announce } from './live.js';
import { failed, skeleton } from './states.js';
import { closeDialogs, confirm } from './dialog.js';
import { can } from './session.js';
import { t } from '../texts.js';
import { PAGES } from '../routes.js';

/** The page that is shown. */
let current = { hash: '', controller: new AbortController(), hasUnsaved: () => false };
let main;
let onshow;

/** Shows pages in `element` from now on, and calls `shown` with the name of each. */
export function startRouter(element, shown) {
  main = element;
  onshow = shown;
  addEventListener('hashchange', follow);
  addEventListener('beforeunload', (event) => {
    if (current.hasUnsaved()) event.preventDefault();
  });
  show();
}

/** Stops showing pages. */
export function stopRouter() {
  removeEventListener('hashchange', follow);
  current.controller.abort();
  current.hasUnsaved = () => false;
}

/** Goes to an address, such as `products`. */
export function go(address) {
  location.hash = `#/${address}`;
}

/** Changes the address without showing its page anew, and without a step in the history. */
export function replaceAddress(address) {
  current.hash = `#/${address}`;
  history.replaceState(null, '', current.hash);
}

/** The address of a page for a link. */
export const href = (address) => `#/${address}`;

/** Shows the page again. */
export const reload = () => show();

async function follow() {
  if (location.hash === current.hash) return;
  closeDialogs();
  if (current.hasUnsaved()) {
    const target = location.hash;
    history.replaceState(null, '', current.hash);
    const leaves = await confirm({
      title: t.unsaved.title,
      text: t.unsaved.text,
      yes: t.unsaved.leave,
      danger: true,
    });
    if (!leaves) return;
    history.replaceState(null, '', target);
  }
  show();
}

function parse(hash) {
  const [path, query] = hash.replace(/^#\/?/, '').split('?');
  return { path, query: new URLSearchParams(query) };
}

async function show() {
  current.controller.abort();
  const { path, query } = parse(location.hash);
  const page = pageOf(path);
  const controller = new AbortController();
  current = { hash: location.hash, controller, hasUnsaved: () => false };
  if (!page) return go(firstPage());
  const view = h('div', { class: `view view-${page.name}` }, skeleton(6));
  fill(main, view);
  onshow(page.under ?? page.name);
  setTitle(t.pages[page.name]);
  const params = page.path
    .exec(path)
    .slice(1)
    .map((part) => part && decodeURIComponent(part));
  await open(page, view, { params, query, signal: controller.signal });
}

async function open(page, view, { params, query, signal }) {
  try {
    const module = await page.load();
    if (signal.aborted) return;
    view.replaceChildren();
    const shown = await module.show({ main: view, params, query, signal });
    if (signal.aborted) return;
    if (shown?.hasUnsaved) current.hasUnsaved = shown.hasUnsaved;
  } catch (error) {
    if (signal.aborted) return;
    if (!error.sentences) console.error(error);
    fill(
      view,
      failed(error, () => show()),
    );
  }
  focusHeading(view);
}

/** The page of a path, if the caller may see it. */
function pageOf(path) {
  const page = PAGES.find((one) => one.path.test(path));
  return page && page.needs.some(can) ? page : null;
}

/** The first page that the caller may see. */
export function firstPage() {
  return PAGES.find((page) => page.icon && page.needs.some(can))?.name ?? 'none';
}

/** Moves the focus to the heading of a new page, so that screen readers begin there. */
function focusHeading(view) {
  const heading = view.querySelector('h1');
  if (!heading) return;
  announce(heading.textContent);
  if (view.contains(document.activeElement)) return;
  heading.tabIndex = -1;
  heading.focus({ preventScroll: true });
  scrollTo(0, 0);
}

/** Sets the title of the window. */
export function setTitle(text) {
  document.title = `${text} · ${t.name}`;
}
