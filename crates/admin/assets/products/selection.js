// The products that are chosen for a change of many.

import { get } from '../core/api.js';
import { number } from '../core/format.js';
import { toast } from '../core/toast.js';
import { t } from '../texts.js';

/** The most products that are chosen at once. Larger changes are made by a file. */
export const MOST_SELECTED = 5_000;
/** The most products that the API gives at once. */
const PAGE = 100;

export class Selection {
  /** @type {Map<number, any>} */
  #products = new Map();
  #anchor = null;
  #rows = null;

  constructor(onchange) {
    this.onchange = onchange;
  }

  get size() {
    return this.#products.size;
  }

  get products() {
    return [...this.#products.values()];
  }

  has = (product) => this.#products.has(product.id);

  /** Sets the rows that ranges are taken from. */
  use(rows) {
    this.#rows = rows;
    this.#anchor = null;
  }

  /** Takes a new state of a product, if it is chosen. */
  replace(product) {
    const before = this.#products.get(product.id);
    if (before) this.#products.set(product.id, { ...before, ...product });
  }

  /** Chooses a product or not. A range is chosen from the product that was chosen last, once all of it is loaded. */
  async toggle(product, index, { isRange = false } = {}) {
    const isOn = !this.has(product);
    const [first, last] =
      isRange && this.#anchor !== null ? [this.#anchor, index].sort((a, b) => a - b) : [index, index];
    this.#anchor = index;
    // One more than can be chosen, so that it is told.
    const most = first + MOST_SELECTED;
    this.#putAll(first === last ? [product] : await this.#rows.range(first, Math.min(last, most)), isOn);
  }

  /** Chooses all rows that are loaded, or none if they are chosen. */
  toggleShown(rows) {
    this.#putAll(rows.loaded, this.stateOf(rows) !== 'all');
  }

  /** Chooses products or not, and tells if they are too many. */
  #putAll(products, isOn) {
    for (const product of products) this.#put(product, isOn);
    if (isOn && !products.every(this.has)) toast(t.bulk.full(number(MOST_SELECTED)), { kind: 'bad' });
    this.onchange();
  }

  /** Whether `all`, `some` or `none` of the loaded rows are chosen. */
  stateOf(rows) {
    if (this.size === 0) return 'none';
    const { loaded } = rows;
    return loaded.length > 0 && loaded.every(this.has) ? 'all' : 'some';
  }

  clear() {
    this.#products.clear();
    this.onchange();
  }

  /** Chooses every product of a query, page by page. */
  async selectAll(parameters, signal, progress) {
    let cursor = '';
    do {
      const { data } = await get('/api/products', { ...parameters, limit: PAGE, cursor }, signal);
      for (const product of data.data) this.#put(product, true);
      cursor = data.pagination.next_cursor;
      progress(this.size);
    } while (cursor && this.size < MOST_SELECTED);
    this.onchange();
  }

  #put(product, isOn) {
    if (!isOn) this.#products.delete(product.id);
    else if (this.size < MOST_SELECTED || this.has(product)) this.#products.set(product.id, product);
  }
}
