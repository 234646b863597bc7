// The bar for changes of many products.

import { etagOf, get } from '../core/api.js';
import { fill, h } from '../core/dom.js';
import { busy, openDialog } from '../core/dialog.js';
import { checkbox, segments } from '../core/fields.js';
import { number } from '../core/format.js';
import { button, iconButton } from '../core/heading.js';
import { menu, menuItem } from '../core/menu.js';
import { can } from '../core/session.js';
import { showProblem, toast } from '../core/toast.js';
import { t } from '../texts.js';
import { makeAll, refreshed, undoOf } from './operations.js';
import { changePrices } from './price-change.js';
import { MOST_SELECTED } from './selection.js';

/**
 * The bar, which is shown while products are chosen.
 * @param {{ selection: import('./selection.js').Selection, rows: () => any, parameters: () => any, changed: () => void, signal: AbortSignal }} context
 */
export function bulkBar(context) {
  const count = h('p', { class: 'bulk-count', role: 'status' });
  const all = button('', () => selectAll(all, operations, context), { kind: 'link' });
  const operations = h('div', { class: 'row bulk-actions' }, actions(context));
  context.progress = (text) => {
    count.textContent = text;
  };
  const bar = h(
    'section',
    { class: 'bulk-bar', 'aria-label': t.bulk.name, hidden: true },
    iconButton('cross', t.bulk.clear, () => context.selection.clear()),
    count,
    all,
    operations,
  );
  bar.update = () => update(bar, count, all, context);
  return bar;
}

function update(bar, count, all, { selection, rows }) {
  bar.hidden = selection.size === 0;
  count.textContent = t.bulk.count(selection.size);
  const { count: total, isExact } = rows();
  all.hidden = selection.size >= Math.min(total, MOST_SELECTED);
  fill(all, isExact && total <= MOST_SELECTED ? t.bulk.all(number(total)) : t.bulk.first(number(MOST_SELECTED)));
}

/** Selects every product of the list. Until then nothing can be changed: it would change only some of them. */
async function selectAll(all, operations, { selection, parameters, signal, progress }) {
  operations.inert = true;
  await busy(all, () => selection.selectAll(parameters(), signal, (size) => progress(t.bulk.count(size))));
  operations.inert = false;
}

function actions(context) {
  const status = menu({
    label: t.bulk.status,
    className: 'button',
    align: 'up',
    content: (close) => [
      menuItem(t.products.show, 'eye', () => (close(), setStatus(context, true).catch(showProblem))),
      menuItem(t.products.hide, 'cross', () => (close(), setStatus(context, false).catch(showProblem))),
    ],
  });
  return [
    status,
    button(t.bulk.categories, () => changeCategories(context).catch(showProblem), { icon: 'tag' }),
    button(t.bulk.prices, () => changePrices(context), { icon: 'edit', kind: 'primary' }),
    can('products:delete') && button(t.bulk.remove, () => removeAll(context), { icon: 'trash' }),
  ];
}

async function setStatus(context, isActive) {
  const products = await refreshed(context.selection.products);
  const isChanged = (product) => product.is_active !== isActive;
  await patchAll(context, products.filter(isChanged), {
    bodyOf: () => ({ is_active: isActive }),
    before: () => ({ is_active: !isActive }),
    text: (count) => (isActive ? t.bulk.shown(count) : t.bulk.hidden(count)),
  });
}

/** Adds a category, takes one away, or sets them all. */
async function changeCategories(context) {
  const { data } = await get('/api/categories', { status: can('products:read') ? 'all' : '' });
  const how = segments({
    label: t.bulk.how,
    value: 'add',
    choices: [
      ['add', t.bulk.add],
      ['remove', t.bulk.takeAway],
      ['set', t.bulk.set],
    ],
  });
  const boxes = data.data.map((category) => checkbox(category.name, { value: category.slug }));
  await openDialog({
    title: t.bulk.categoriesTitle(context.selection.size),
    body: h('div', { class: 'stack' }, how, h('div', { class: 'checks' }, boxes)),
    actions: [
      { label: t.cancel },
      {
        label: t.apply,
        kind: 'primary',
        run: () =>
          applyCategories(
            context,
            how.value,
            boxes.filter((box) => box.input.checked).map((box) => box.input.value),
          ),
      },
    ],
  });
}

async function applyCategories(context, how, chosen) {
  const slugs = (product) => product.categories.map((category) => category.slug);
  const after = (product) => {
    if (how === 'set') return chosen;
    const others = slugs(product).filter((slug) => !chosen.includes(slug));
    return how === 'add' ? [...others, ...chosen] : others;
  };
  const isChanged = (product) => after(product).sort().join() !== slugs(product).sort().join();
  const products = await refreshed(context.selection.products);
  await patchAll(context, products.filter(isChanged), {
    bodyOf: (product) => ({ categories: after(product) }),
    before: (product) => ({ categories: slugs(product) }),
    text: t.bulk.changed,
  });
}

/** Removes products for good, which nothing takes back. */
async function removeAll(context) {
  const products = context.selection.products;
  await openDialog({
    title: t.bulk.removeTitle(products.length),
    body: h('div', { class: 'stack' }, h('p', {}, t.bulk.removeText), namesOf(products)),
    actions: [{ label: t.cancel }, { label: t.bulk.remove, kind: 'danger', run: () => remove(context, products) }],
  });
}

function namesOf(products) {
  const shown = products.slice(0, 10).map((product) => h('li', {}, product.title));
  const rest = products.length - shown.length;
  return h('ul', {}, shown, rest > 0 && h('li', {}, t.bulk.others(number(rest))));
}

async function remove(context, products) {
  const operations = products.map((product) => ({
    product,
    operation: { action: 'remove', slug: product.slug, if_match: etagOf(product) },
  }));
  const outcome = await makeAll(operations, {
    progress: (done) => context.progress(t.bulk.progress(done, operations.length)),
  });
  context.changed();
  if (outcome.done.length > 0) toast(t.bulk.removed(outcome.done.length));
  showRest(outcome);
}

/**
 * Changes products by one merge patch each, offers an undo, and names those that can't be changed.
 * @param {any} context
 * @param {any[]} products
 * @param {{ bodyOf: (product: any) => any, before: (product: any) => any, text: (count: number) => string }} change
 */
async function patchAll(context, products, { bodyOf, before, text }) {
  if (products.length === 0) {
    toast(t.bulk.nothing);
    return;
  }
  const operations = products.map((product) => ({
    product,
    operation: { action: 'patch', slug: product.slug, if_match: etagOf(product), body: bodyOf(product) },
  }));
  const outcome = await makeAll(operations, {
    progress: (done) => context.progress(t.bulk.progress(done, operations.length)),
  });
  context.changed();
  if (outcome.done.length > 0) toast(text(outcome.done.length), { undo: undoOf(outcome, before, context.changed) });
  showRest(outcome);
}

/** Tells why some products were not changed. */
function showRest(outcome) {
  if (outcome.problem) showProblem(outcome.problem);
  if (outcome.failed.length > 0) showFailures(outcome);
}

/** Names the products that can't be changed. */
function showFailures({ failed, done }) {
  const items = failed
    .slice(0, 50)
    .map(({ operation, message }) => h('li', {}, h('strong', {}, operation.product.title), ' ', message));
  return openDialog({
    title: t.bulk.failedTitle(failed.length),
    body: h(
      'div',
      { class: 'stack' },
      h('p', {}, done.length > 0 ? t.bulk.someDone(done.length) : t.bulk.noneDone),
      h('ul', { class: 'plain' }, items),
    ),
    actions: [{ label: t.close, kind: 'primary' }],
  });
}
