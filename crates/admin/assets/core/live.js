// Tells screen readers what has changed.

import { h } from './dom.js';

const polite = h('div', { class: 'visually-hidden', role: 'status', 'aria-live': 'polite' });
document.body.append(polite);

/** Where messages are read and can be used: in the topmost dialog, since what is behind a dialog can be neither. */
export const foreground = () => [...document.querySelectorAll('dialog[open]')].at(-1) ?? document.body;

/** Announces a text. A text that is set again would not be announced, so the region is emptied first. */
export function announce(text) {
  polite.textContent = '';
  const place = foreground();
  if (polite.parentElement !== place) place.append(polite);
  setTimeout(() => (polite.textContent = text), 60);
}
