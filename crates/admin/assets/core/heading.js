// The head of a page: its title and its main actions.

import { h } from './dom.js';
import { icon } from './icons.js';
import { href, setTitle } from './router.js';

/**
 * @param {{ title: string, text?: any, actions?: any[], back?: { address: string, label: string } }} options
 */
export function heading({ title, text, actions = [], back }) {
  setTitle(title);
  return h(
    'header',
    { class: 'page-head' },
    h(
      'div',
      { class: 'page-title' },
      back && h('a', { class: 'back', href: href(back.address) }, icon('left'), back.label),
      h('h1', {}, title),
      text && h('p', { class: 'lead' }, text),
    ),
    actions.length > 0 && h('div', { class: 'row page-actions' }, actions),
  );
}

/** A link that looks like a button. */
export function linkButton(label, address, { icon: name, kind = '' } = {}) {
  return h('a', { class: `button ${kind}`, href: href(address) }, name && icon(name), label);
}

/** A button. */
export function button(label, onclick, { icon: name, kind = '', ...props } = {}) {
  return h('button', { type: 'button', class: `button ${kind}`, onclick, ...props }, name && icon(name), label);
}

/** A button that shows only an icon. */
export function iconButton(name, label, onclick, props = {}) {
  return h(
    'button',
    { type: 'button', class: 'icon-button', 'aria-label': label, title: label, onclick, ...props },
    icon(name),
  );
}
