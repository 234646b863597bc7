// What a page shows while it loads, when there is nothing, and when loading fails.

import { fill, h } from './dom.js';
import { icon } from './icons.js';
import { t } from '../texts.js';
import { busy } from './dialog.js';
import { isAbort } from './problem.js';

/** Grey lines in place of what is being loaded. */
export function skeleton(lines = 4) {
  const rows = Array.from({ length: lines }, () => h('div', { class: 'skeleton' }));
  return h('div', { class: 'skeletons', role: 'status' }, h('span', { class: 'visually-hidden' }, t.loading), rows);
}

/** Says that there is nothing, and what can be done. */
export function empty({ icon: name, title, text, actions = [] }) {
  return h(
    'div',
    { class: 'empty' },
    h('span', { class: 'empty-icon' }, icon(name)),
    h('h2', {}, title),
    text && h('p', {}, text),
    actions.length > 0 && h('div', { class: 'row center' }, actions),
  );
}

/** Says that loading has failed, and offers another try. */
export function failed(error, retry) {
  const again = retry && h('button', { type: 'button', class: 'button', onclick: retry }, icon('refresh'), t.tryAgain);
  return h(
    'div',
    { class: 'empty', role: 'alert' },
    h('span', { class: 'empty-icon bad' }, icon('warning')),
    h('h2', {}, t.errors.title),
    h('p', {}, error.message),
    error.requestId && h('p', { class: 'small' }, t.requestId(error.requestId)),
    again,
  );
}

/** Fills an element with what a function loads, with a skeleton until then. */
export async function load(element, run, lines) {
  const hadFocus = element.contains(document.activeElement);
  fill(element, skeleton(lines));
  element.setAttribute('aria-busy', 'true');
  try {
    fill(element, await run());
    if (hadFocus) keepFocus(element);
  } catch (error) {
    if (isAbort(error)) return;
    if (!error.sentences) console.error(error);
    fill(
      element,
      failed(error, () => load(element, run, lines)),
    );
  } finally {
    element.removeAttribute('aria-busy');
  }
}

/** Focuses an area whose focused control is gone, so that the keyboard goes on from there. */
function keepFocus(element) {
  if (document.activeElement !== document.body) return;
  element.tabIndex = -1;
  element.focus({ preventScroll: true });
}

/**
 * A list that is loaded page by page. `page` gets the cursor of the page and returns its elements and the next cursor.
 * @param {{ page: (cursor?: string) => Promise<{ items: any[], next: string | null }>, none: () => any, className?: string, tag?: string }} options
 */
export async function paged({ page, none, className = 'list', tag = 'ul' }) {
  const list = h(tag, { class: className });
  const first = await page();
  if (first.items.length === 0) return none();
  list.append(...first.items);
  let next = first.next;
  const more = h('button', { type: 'button', class: 'button' }, t.more);
  const foot = h('div', { class: 'row center more' }, more);
  foot.hidden = !next;
  more.addEventListener('click', () =>
    busy(more, async () => {
      const loaded = await page(next);
      list.append(...loaded.items);
      next = loaded.next;
      foot.hidden = !next;
      loaded.items[0]?.querySelector('a, button, summary')?.focus();
    }),
  );
  return h('div', {}, list, foot);
}
