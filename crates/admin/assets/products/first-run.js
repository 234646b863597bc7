// What is shown while the shop has no products: four ways to begin.

import { get, post, remove, send } from '../core/api.js';
import { busy, confirm } from '../core/dialog.js';
import { h } from '../core/dom.js';
import { button, heading } from '../core/heading.js';
import { icon } from '../core/icons.js';
import { go, href, reload } from '../core/router.js';
import { can } from '../core/session.js';
import { toast } from '../core/toast.js';
import { t } from '../texts.js';

export async function show({ main, signal }) {
  const isEmpty = await isEmptyShop(signal);
  main.append(heading({ title: t.firstRun.title }), showFirstRun(signal, () => go('products'), isEmpty));
}

/** Whether the shop has no products at all, as far as the caller can tell. */
async function isEmptyShop(signal) {
  if (!can('products:read')) return false;
  const { data } = await get('/api/products', { status: 'all', limit: 1, fields: ['slug'] }, signal);
  return data.data.length === 0;
}

/**
 * The ways to begin.
 * @param {AbortSignal} signal
 * @param {() => void} filled Called when the shop has products.
 * @param {boolean} isEmpty Whether the demonstration is offered: it would mix with products that are there.
 */
export function showFirstRun(signal, filled, isEmpty = true) {
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
    h('h2', {}, isEmpty ? t.firstRun.heading : t.firstRun.filled),
    h('p', { class: 'lead' }, t.firstRun.text),
    h(
      'ol',
      { class: 'steps' },
      step('categories', 'tag', link('categories')),
      step('file', 'upload', link('files')),
      step('hand', 'plus', link('products/_new')),
      isEmpty && step('demonstration', 'eye', demonstration),
    ),
  );
}

async function fillShop(signal, filled) {
  const { question, questionText, noUndo, load, done } = t.firstRun.demonstration;
  const canRemove = can('products:delete');
  const yes = await confirm({ title: question, text: canRemove ? questionText : `${questionText} ${noUndo}`, yes: load });
  if (!yes) return;
  const removeAll = await loadDemonstration(signal);
  const undo = async () => {
    await removeAll();
    // Another page stays as it is: something may be written there.
    if (/^#\/products(\?|$)/.test(location.hash)) reload();
  };
  toast(done, { undo: canRemove ? undo : undefined });
  filled();
}

/**
 * Loads the demonstration catalogue, whose numbers are texts, so that no decimal is lost on the way.
 * @returns {Promise<() => Promise<void>>} What removes all that was added.
 */
async function loadDemonstration(signal) {
  const { pathname } = new URL('../demonstration.json', import.meta.url);
  const catalogue = await (await send('GET', pathname, { signal })).json();
  const added = [];
  for (const category of catalogue.categories) if (await add(category, signal)) added.push(category);
  const operations = catalogue.products.map((product) => ({ action: 'create', body: written(product) }));
  const { data } = await post('/api/products/bulk', { operations }, { signal });
  return () => removeAll(data.results, added);
}

/** Adds a category, unless there is one of this slug. Returns whether it was added. */
async function add(category, signal) {
  try {
    await post('/api/categories', category, { signal });
    return true;
  } catch (problem) {
    if (problem.status !== 409) throw problem;
    return false;
  }
}

/** Removes what was added, unless somebody has changed one of the products since. */
async function removeAll(results, categories) {
  const operations = results.map(({ slug, etag }) => ({ action: 'remove', slug, if_match: etag }));
  await post('/api/products/bulk', { operations });
  for (const { slug } of categories) await remove(`/api/categories/${encodeURIComponent(slug)}`);
}

/** A product of the catalogue as the API takes it: without reviews, which shoppers write, and without its picture. */
function written({ reviews: _reviews, alt_text: _text, ...product }) {
  const { net_content, food, options = [], list_price } = product;
  const nutrition = Object.entries(food.nutrition ?? {}).map(([name, text]) => [name, name === 'basis' ? text : Number(text)]);
  return {
    ...product,
    price: Number(product.price),
    list_price: list_price && Number(list_price),
    net_content: { ...net_content, value: Number(net_content.value) },
    food: { ...food, nutrition: food.nutrition && Object.fromEntries(nutrition) },
    options: Object.fromEntries(options),
  };
}
