// What is shown while the shop has no products: four ways to begin.

import { busy } from '../core/dialog.js';
import { h } from '../core/dom.js';
import { button, heading } from '../core/heading.js';
import { icon } from '../core/icons.js';
import { go, href } from '../core/router.js';
import { toast } from '../core/toast.js';
import { t } from '../texts.js';
import { loadDemonstration } from './demonstration.js';

export function show({ main, signal }) {
  main.append(heading({ title: t.firstRun.title }), showFirstRun(signal, () => go('products')));
}

/**
 * The ways to begin.
 * @param {AbortSignal} signal
 * @param {() => void} filled Called when the shop has products.
 */
export function showFirstRun(signal, filled) {
  const step = (name, iconName, start) => {
    const { title, text } = t.firstRun[name];
    return h(
      'li',
      { class: 'card step' },
      h('span', { class: 'empty-icon' }, icon(iconName)),
      h('h3', {}, title),
      h('p', {}, text),
      start(t.firstRun[name].link),
    );
  };
  const link = (address) => (text) => h('a', { class: 'button primary', href: href(address) }, text);
  const demonstration = (text) => {
    const load = button(text, () => busy(load, () => fillShop(signal, filled)), { kind: 'primary' });
    return load;
  };
  return h(
    'section',
    { class: 'first-run' },
    h('h2', {}, t.firstRun.heading),
    h('p', { class: 'lead' }, t.firstRun.text),
    h(
      'ol',
      { class: 'steps' },
      step('categories', 'tag', link('categories')),
      step('file', 'upload', link('files')),
      step('hand', 'plus', link('products/_new')),
      step('demonstration', 'eye', demonstration),
    ),
  );
}

async function fillShop(signal, filled) {
  await loadDemonstration(signal);
  toast(t.firstRun.demonstration.done);
  filled();
}
