// What is shown while the shop has no products: three ways to begin.

import { h } from '../core/dom.js';
import { heading } from '../core/heading.js';
import { icon } from '../core/icons.js';
import { href } from '../core/router.js';
import { t } from '../texts.js';

export function show({ main }) {
  main.append(heading({ title: t.firstRun.title }), showFirstRun());
}

/** The three ways to begin. */
export function showFirstRun() {
  const step = (name, iconName, address) => {
    const { title, text, link } = t.firstRun[name];
    return h(
      'li',
      { class: 'card step' },
      h('span', { class: 'empty-icon' }, icon(iconName)),
      h('h3', {}, title),
      h('p', {}, text),
      h('a', { class: 'button primary', href: href(address) }, link),
    );
  };
  return h(
    'section',
    { class: 'first-run' },
    h('h2', {}, t.firstRun.heading),
    h('p', { class: 'lead' }, t.firstRun.text),
    h(
      'ol',
      { class: 'steps' },
      step('categories', 'tag', 'categories'),
      step('file', 'upload', 'files'),
      step('hand', 'plus', 'products/_new'),
    ),
  );
}
