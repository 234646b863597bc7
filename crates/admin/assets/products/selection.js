// The products that are chosen for a change of many.

import { get } from '../core/api.js';

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

  /** Chooses a product or not. A range is chosen from the product that was chosen last. */
  toggle(product, index, { isRange = false } = {}) {
    const isOn = !this.has(product);
    const [first, last] =
      isRange && this.#anchor !== null ? [this.#anchor, index].sort((a, b) => a - b) : [index, index];
    const products = first === last ? [product] : this.#rows.between(first, last);
    for (const one of products) this.#put(one, isOn);
    this.#anchor = index;
    this.onchange();
  }

  /** Chooses all rows that are loaded, or none if they are chosen. */
  toggleShown(rows) {
    const isOn = this.stateOf(rows) !== 'all';
    for (const product of rows.loaded) this.#put(product, isOn);
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
    if (isOn) this.#products.set(product.id, product);
    else this.#products.delete(product.id);
  }
}
