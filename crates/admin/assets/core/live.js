// Tells screen readers what has changed.

import { h } from './dom.js';

const polite = h('div', { class: 'visually-hidden', role: 'status', 'aria-live': 'polite' });
document.body.append(polite);

/** Announces a text. A text that is set again would not be announced, so the region is emptied first. */
export function announce(text) {
  polite.textContent = '';
  setTimeout(() => (polite.textContent = text), 60);
}
