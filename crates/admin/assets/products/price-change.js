// Changes the prices of the chosen products by a percentage, and shows each new price before anything is written.

import { etagOf } from '../core/api.js';
import { fill, h } from '../core/dom.js';
import { openDialog } from '../core/dialog.js';
import { decimalInput, field, segments } from '../core/fields.js';
import { money, number, readNumber, signed } from '../core/format.js';
import { announce } from '../core/live.js';
import { dataTable, numeric } from '../core/table.js';
import { showProblem, toast } from '../core/toast.js';
import { t } from '../texts.js';
import { makeAll, refreshed, undoOf } from './operations.js';
import { ENDINGS, changedPrice } from './prices.js';

/** The most products whose new prices are listed. */
const LISTED = 200;

/** @param {{ selection: import('./selection.js').Selection, changed: () => void }} context */
export function changePrices(context) {
  const form = new PriceForm(context.selection.products);
  return openDialog({
    title: t.prices.title(context.selection.size),
    wide: true,
    body: form.element,
    onopen: () => form.percent.focus(),
    actions: [{ label: t.cancel }, { label: t.prices.apply, kind: 'primary', run: () => apply(form, context) }],
  });
}

class PriceForm {
  constructor(products) {
    this.products = products;
    /** What the API says of products whose price can't be changed, by id. @type {Map<number, string>} */
    this.failures = new Map();
    /** The products that are left out. */
    this.left = new Set();
    this.percent = decimalInput({ value: '5', size: 6, class: 'short' });
    this.endings = segments({
      label: t.prices.ending,
      choices: ENDINGS.map((ending) => [ending, t.prices.endings[ending]]),
      value: '.99',
      onchange: () => this.update(),
    });
    this.percentField = field({ label: t.prices.percent, control: this.percent, hint: t.prices.percentHint });
    this.percent.addEventListener('input', () => this.update());
    this.summary = h('p', { class: 'notice', role: 'status' });
    this.list = h('tbody');
    this.element = h('div', { class: 'stack' }, this.#controls(), this.summary, this.#table());
    this.update();
  }

  #controls() {
    const endings = h('div', { class: 'field' }, h('span', { class: 'label' }, t.prices.ending), this.endings);
    return h('div', { class: 'row wrap top' }, this.percentField, endings);
  }

  #table() {
    const columns = [t.columns.title, ...[t.prices.before, t.prices.after, t.prices.difference].map(numeric)];
    return dataTable({ label: t.bulk.prices, columns, body: this.list });
  }

  /** The percentage, or null while there is no valid one. */
  get value() {
    const value = readNumber(this.percent.value);
    return typeof value === 'number' && value > -100 && value <= 1000 ? value : null;
  }

  /** The new prices of all products that get one. */
  get changes() {
    if (this.value === null) return [];
    return this.products
      .filter((product) => !this.left.has(product.id))
      .map((product) => ({ product, price: changedPrice(product.price, this.value, this.endings.value) }))
      .filter(({ product, price }) => price !== product.price);
  }

  update() {
    this.failures.clear();
    this.left.clear();
    this.draw();
  }

  draw() {
    this.percentField.setError(this.value === null ? t.prices.invalid : '');
    const { changes } = this;
    this.summary.textContent = summaryOf(changes, this.products.length);
    const rows = changes.slice(0, LISTED).map((change) => this.#row(change));
    const rest = changes.length - rows.length;
    fill(this.list, rows, rest > 0 && h('tr', {}, h('td', { colspan: 4 }, t.prices.more(number(rest)))));
  }

  #row({ product, price }) {
    const failure = this.failures.get(product.id);
    const isAboveList = product.list_price && price >= product.list_price;
    const note = failure ?? (isAboveList ? t.prices.aboveList(money(product.list_price)) : null);
    return h(
      'tr',
      { class: failure ? 'bad-row' : '' },
      h('th', { scope: 'row' }, product.title, note && h('p', { class: 'field-error' }, note)),
      h('td', { class: 'number' }, money(product.price)),
      h('td', { class: 'number' }, h('strong', {}, money(price))),
      h('td', { class: 'number faint' }, signed(Math.round((price - product.price) * 100) / 100)),
    );
  }
}

function summaryOf(changes, count) {
  if (changes.length === 0) return t.prices.none;
  const share = changes.reduce((sum, { product, price }) => sum + price / product.price - 1, 0) / changes.length;
  return t.prices.summary(number(changes.length), number(count - changes.length), (share * 100).toFixed(1));
}

/** Writes the new prices. If some can't be written, none of their request is, and they are named in the list. */
async function apply(form, context) {
  const { changes } = form;
  if (changes.length === 0) return false;
  const shown = changes.map(({ product }) => product);
  // A price that was changed meanwhile is not overwritten.
  const products = await refreshed(shown, (now, before) => now.price === before.price);
  const operations = products.map((product, index) => {
    const body = { price: changes[index].price };
    return { product, operation: { action: 'patch', slug: product.slug, if_match: etagOf(product), body } };
  });
  const progress = (done) => (form.summary.textContent = t.bulk.progress(done, operations.length));
  const outcome = await makeAll(operations, { progress });
  report(outcome, context);
  if (outcome.undone.length + outcome.failed.length === 0) return true;
  leave(form, outcome);
  if (outcome.failed.length > 0) showFailed(form, outcome);
  return false;
}

/** Offers an undo of what was written, and tells what broke it off. */
function report(outcome, context) {
  const { done, problem } = outcome;
  const undo = undoOf(outcome, (product) => ({ price: product.price }), context.changed);
  if (done.length > 0) toast(t.prices.done(done.length), { undo });
  if (problem) showProblem(problem);
  if (done.length > 0 || problem) context.changed();
}

/** Leaves the products in the list that are still to be changed. */
function leave(form, outcome) {
  const done = new Set(outcome.done.map(({ product }) => product.id));
  form.products = form.products.filter((product) => !done.has(product.id));
  form.draw();
}

/** Marks the products that can't be changed and leaves them out of the next try. */
function showFailed(form, outcome) {
  for (const { operation, message } of outcome.failed) form.failures.set(operation.product.id, message);
  const first = (product) => (form.failures.has(product.id) ? 0 : 1);
  form.products.sort((one, other) => first(one) - first(other));
  form.draw();
  for (const id of form.failures.keys()) form.left.add(id);
  form.summary.textContent = t.prices.failed(outcome.failed.length);
  announce(form.summary.textContent);
  form.summary.scrollIntoView({ block: 'nearest' });
}
