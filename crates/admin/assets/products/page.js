// The table of products.

import { get } from '../core/api.js';
import { debounce, fill, h } from '../core/dom.js';
import { segments } from '../core/fields.js';
import { learnCurrency, number } from '../core/format.js';
import { heading, linkButton } from '../core/heading.js';
import { icon } from '../core/icons.js';
import { href, replaceAddress, reload as showAgain } from '../core/router.js';
import { can } from '../core/session.js';
import { empty, failed, skeleton } from '../core/states.js';
import { showProblem } from '../core/toast.js';
import { isAbort } from '../core/problem.js';
import { t } from '../texts.js';
import { bulkBar } from './bulk.js';
import { columnsOf, fieldsOf, isEditable } from './columns.js';
import { editCell, whenUndone } from './edit.js';
import { chips, columnMenu, filterMenu, sortSelect } from './filters.js';
import { showFirstRun } from './first-run.js';
import { Grid } from './grid.js';
import { exactMatch } from './lookup.js';
import { addressOf, isWhole, parametersOf, readQuery } from './query.js';
import { Rows } from './rows.js';
import { Selection } from './selection.js';

export async function show({ main, query: parameters, signal }) {
  const page = new ProductsPage(main, readQuery(parameters), signal);
  await page.begin();
}

class ProductsPage {
  #loading = new AbortController();

  constructor(main, query, signal) {
    this.main = main;
    this.query = query;
    this.signal = signal;
    this.categories = [];
    this.facets = null;
    this.selection = can('products:write') ? new Selection(() => this.#selectionChanged()) : null;
    this.area = h('div', { class: 'grid-area' });
    this.match = h('div', { class: 'match' });
    this.chips = h('div', { class: 'chips' });
    this.count = h('p', { class: 'count-line', role: 'status' });
    this.sort = sortSelect(query.sort, (changes) => this.apply(changes));
    signal.addEventListener('abort', () => this.#loading.abort());
  }

  async begin() {
    const { data } = await get('/api/categories', { status: can('products:read') ? 'all' : '' }, this.signal);
    this.categories = data.data;
    this.bar = this.selection && bulkBar(this.#bulkContext());
    this.toolbar = this.#toolbar();
    fill(this.main, this.#head(), this.toolbar, this.chips, this.match, this.area, this.bar);
    whenUndone((product) => this.#replace(product));
    await this.reload();
  }

  #bulkContext() {
    return {
      selection: this.selection,
      rows: () => this.rows ?? { count: 0, isExact: true },
      parameters: () => this.#parameters(),
      signal: this.signal,
      changed: () => {
        this.selection.clear();
        this.reload({ keepPlace: true });
      },
    };
  }

  #head() {
    const actions = can('products:write')
      ? [
          linkButton(t.products.import, 'files', { icon: 'upload', kind: 'quiet wide-only' }),
          linkButton(t.products.add, 'products/_new', { icon: 'plus', kind: 'primary' }),
        ]
      : [];
    return heading({ title: t.pages.products, actions });
  }

  #toolbar() {
    const filters = {
      query: () => this.query,
      categories: () => this.categories,
      facets: () => this.facets,
      apply: (changes) => this.apply(changes),
    };
    return h(
      'div',
      { class: 'toolbar', role: 'search' },
      this.#search(),
      can('products:read') && this.#status(),
      filterMenu(filters),
      this.sort,
      columnMenu(
        () => this.query,
        (changes) => this.apply(changes),
      ),
      this.count,
    );
  }

  #search() {
    const input = h('input', {
      type: 'search',
      class: 'search-input',
      placeholder: t.products.search,
      'aria-label': t.products.search,
      value: this.query.search,
      maxlength: 200,
      autocomplete: 'off',
    });
    input.addEventListener(
      'input',
      debounce(() => this.apply({ search: input.value.trim() }), 250),
    );
    return h('div', { class: 'search' }, icon('search'), input);
  }

  #status() {
    return segments({
      label: t.columns.status,
      choices: [
        ['', t.products.all],
        ['active', t.products.active],
        ['inactive', t.products.inactive],
      ],
      value: this.query.status,
      onchange: (status) => this.apply({ status }),
    });
  }

  /** Changes the query and loads the list again. */
  apply(changes) {
    this.query = { ...this.query, ...changes };
    replaceAddress(addressOf(this.query));
    this.reload();
  }

  #parameters() {
    return { ...parametersOf(this.query), fields: fieldsOf(columnsOf(this.query.columns)) };
  }

  async reload({ keepPlace = false } = {}) {
    this.#loading.abort();
    this.#loading = new AbortController();
    if (this.signal.aborted) return;
    const { signal } = this.#loading;
    const place = keepPlace ? (this.grid?.element.scrollTop ?? 0) : 0;
    if (!keepPlace) fill(this.area, skeleton(8));
    this.#drawAround();
    try {
      const rows = new Rows((start) => this.#page(start, signal), signal);
      rows.onerror = showProblem;
      await rows.begin();
      this.#drawRows(rows, place);
      await this.#showMatch(signal);
    } catch (error) {
      if (isAbort(error)) return;
      fill(
        this.area,
        failed(error, () => this.reload()),
      );
    }
  }

  async #page(start, signal) {
    const facets = start.offset === 0 ? 'category' : '';
    const { data } = await get('/api/products', { ...this.#parameters(), ...start, facets }, signal);
    if (data.facets) this.facets = data.facets;
    learnCurrency(data.data[0]);
    return data;
  }

  #drawAround() {
    this.sort.value = this.query.sort;
    const replace = (query) => {
      this.query = query;
      this.apply({});
    };
    fill(this.chips, chips({ query: () => this.query, categories: () => this.categories, replace }));
    fill(this.match);
  }

  #drawRows(rows, place) {
    this.rows = rows;
    this.selection?.use(rows);
    const count = rows.isExact ? t.products.count(rows.count) : t.products.atLeast(number(rows.count));
    this.count.textContent = count;
    const isEmpty = rows.count === 0 && isWhole(this.query) && can('products:write') && can('products:read');
    this.toolbar.hidden = isEmpty;
    if (rows.count === 0) {
      this.grid = null;
      fill(this.area, isEmpty ? showFirstRun(this.signal, showAgain) : this.#nothing());
      return;
    }
    this.grid = new Grid({
      rows,
      columns: columnsOf(this.query.columns),
      sort: this.query.sort,
      selection: this.selection,
      isEditable,
      onsort: (sort) => this.apply({ sort }),
      onedit: (cell, product, column) => this.#edit(cell, product, column),
    });
    fill(this.area, this.grid.element);
    this.grid.element.scrollTop = place;
    // After a change of many, what had the focus is gone.
    if (document.activeElement === document.body) this.grid.element.focus({ preventScroll: true });
  }

  #nothing() {
    return empty({ icon: 'search', title: t.products.none, text: t.products.noneText });
  }

  /** Names the product with a SKU or GTIN that was searched for: lists search in titles and texts only. */
  async #showMatch(signal) {
    const product = await exactMatch(this.query.search, signal);
    if (!product) return;
    const link = h('a', { href: href(`products/${encodeURIComponent(product.slug)}`) }, product.title);
    fill(this.match, h('p', { class: 'notice' }, t.products.match(this.query.search), ' ', link));
  }

  #edit(cell, product, column) {
    const row = Number(cell.parentElement.dataset.index);
    const index = [...cell.parentElement.children].indexOf(cell);
    editCell(cell, product, column, {
      saved: (saved) => (saved ? this.#replace(saved) : this.grid?.refresh()),
      next: (step) => this.grid?.focus.moveTo(row + step, index),
    });
  }

  /** Takes a new state of a product. */
  #replace(product) {
    this.selection?.replace(product);
    this.rows?.replace(product);
  }

  #selectionChanged() {
    this.bar.update();
    this.grid?.refresh();
  }
}
