// The table of products: only the rows in view are in the page, and the arrow keys move from cell to cell.

import { fill, h, hidden, setVariables } from '../core/dom.js';
import { icon } from '../core/icons.js';
import { t } from '../texts.js';
import { GridFocus } from './grid-focus.js';

/** How many rows are drawn above and below those in view. */
const OVERSCAN = 8;
/** The column of checkboxes. */
const CHECKS = { width: 3 };

/**
 * @typedef {object} GridOptions
 * @property {import('./rows.js').Rows} rows
 * @property {import('./columns.js').Column[]} columns
 * @property {string} sort
 * @property {import('./selection.js').Selection | null} selection Null if nothing can be selected.
 * @property {(column: any) => boolean} isEditable
 * @property {(sort: string) => void} onsort
 * @property {(cell: HTMLElement, product: any, column: any) => void} onedit
 */

export class Grid {
  #options;
  #body = h('div', { class: 'grid-body', role: 'rowgroup' });
  /** The drawn rows by index. @type {Map<number, HTMLElement>} */
  #drawn = new Map();
  #frame = 0;

  /** @param {GridOptions} options */
  constructor(options) {
    this.#options = options;
    const head = h('div', { class: 'grid-head', role: 'rowgroup' }, this.#headRow());
    this.element = h(
      'div',
      {
        class: 'grid',
        role: 'grid',
        'aria-label': t.products.table,
        tabindex: '-1',
        'aria-colcount': this.#columnCount,
      },
      head,
      this.#body,
    );
    this.#setWidths();
    this.focus = new GridFocus(this);
    this.element.addEventListener('scroll', () => this.#later(), { passive: true });
    this.observer = new ResizeObserver(() => this.#later());
    this.observer.observe(this.element);
    options.rows.onchange = () => this.refresh();
  }

  /** The head and the rows are grids of their own, so both need the same tracks and width. */
  #setWidths() {
    const { columns, selection } = this.#options;
    const all = selection ? [CHECKS, ...columns] : columns;
    const track = ({ width, grows }) => (grows ? `minmax(${width}rem, ${grows}fr)` : `${width}rem`);
    const least = all.reduce((sum, { width }) => sum + width, 0);
    setVariables(this.element, { '--columns': all.map(track).join(' '), '--least-width': `${least}rem` });
  }

  get #columnCount() {
    return this.#options.columns.length + (this.#options.selection ? 1 : 0);
  }

  get count() {
    return this.#options.rows.count;
  }

  get columnCount() {
    return this.#columnCount;
  }

  get rowHeight() {
    return parseFloat(getComputedStyle(this.element).getPropertyValue('--row-height')) || 64;
  }

  /** How many whole rows are in view. */
  get pageSize() {
    return Math.max(Math.floor((this.element.clientHeight - this.#body.offsetTop) / this.rowHeight) - 1, 1);
  }

  /** The drawn row at an index, after scrolling to it. */
  reveal(index) {
    const height = this.rowHeight;
    const head = this.#body.offsetTop;
    const top = index * height;
    const { scrollTop, clientHeight } = this.element;
    if (top < scrollTop) this.element.scrollTop = top;
    else if (top + height > scrollTop + clientHeight - head)
      this.element.scrollTop = top + height - clientHeight + head;
    this.#draw();
    return this.#drawn.get(index);
  }

  /** Draws what has changed of the rows or the selection. */
  refresh() {
    for (const [index, row] of this.#drawn) this.#update(row, index);
    this.#later();
    this.#markHead();
  }

  #later() {
    this.#frame ||= requestAnimationFrame(() => {
      this.#frame = 0;
      this.#draw();
    });
  }

  #draw() {
    const { rows } = this.#options;
    const height = this.rowHeight;
    setVariables(this.#body, { height: `${rows.count * height}px` });
    this.element.setAttribute('aria-rowcount', rows.isExact ? rows.count + 1 : -1);
    const first = Math.max(Math.floor(this.element.scrollTop / height) - OVERSCAN, 0);
    const inView = Math.ceil(this.element.clientHeight / height) + 2 * OVERSCAN;
    const last = Math.min(first + inView, rows.count - 1);
    rows.need(first, last);
    for (const [index, row] of this.#drawn) {
      const isOut = index < first || index > last;
      // The row with the focus stays, or the keyboard would lose its place.
      if (isOut && !row.contains(document.activeElement)) this.#drop(index);
    }
    for (let index = first; index <= last; index += 1) {
      if (!this.#drawn.has(index)) this.#add(index, height);
    }
  }

  #drop(index) {
    this.#drawn.get(index)?.remove();
    this.#drawn.delete(index);
  }

  #add(index, height) {
    const row = h('div', { class: 'grid-row', role: 'row', 'aria-rowindex': index + 2, data: { index } });
    setVariables(row, { '--top': `${index * height}px` });
    this.#update(row, index);
    this.#drawn.set(index, row);
    // Screen readers and the Tab key follow the order in the document.
    const following = [...this.#body.children].find((other) => Number(other.dataset.index) > index);
    this.#body.insertBefore(row, following ?? null);
  }

  #update(row, index) {
    const product = this.#options.rows.row(index);
    row.classList.toggle('loading', !product);
    if (!product) return this.#drawLoading(row);
    const { selection, columns } = this.#options;
    const isSelected = selection?.has(product) ?? false;
    const version = versionOf(product, isSelected);
    if (row.dataset.version === version) return;
    row.dataset.version = version;
    if (selection) row.setAttribute('aria-selected', String(isSelected));
    const focused = this.focus.columnIn(row);
    const cells = columns.map((column) => this.#cell(product, column));
    if (selection) cells.unshift(this.#checkCell(product, index, isSelected));
    const old = [...row.children];
    if (old.length !== cells.length) fill(row, cells);
    // Somebody may be typing in a cell while the answer to another one comes.
    else cells.forEach((cell, column) => isTypedIn(old[column]) || old[column].replaceWith(cell));
    this.focus.prepare(row, index, focused);
  }

  #drawLoading(row) {
    if (row.children.length === 0) fill(row, h('div', { class: 'skeleton', role: 'gridcell' }));
  }

  #checkCell(product, index, isSelected) {
    const box = h('input', {
      type: 'checkbox',
      checked: isSelected,
      'aria-label': t.products.select(product.title),
      'data-focus': '',
    });
    box.addEventListener('click', async (event) => {
      const { selection, rows } = this.#options;
      await selection.toggle(product, index, { isRange: event.shiftKey }).catch(rows.onerror);
      box.checked = selection.has(product);
    });
    return h('div', { class: 'cell cell-check', role: 'gridcell' }, h('label', { class: 'check-area' }, box));
  }

  #cell(product, column) {
    const cell = h('div', {
      class: `cell cell-of-${column.id}${column.isNumber ? ' number' : ''}`,
      role: 'gridcell',
    });
    const content = column.show(product);
    if (!this.#options.isEditable(column)) return fill(cell, content);
    // The name of the button has the text that is shown, which is not the same at every width.
    const button = h(
      'button',
      { type: 'button', class: 'cell-edit', 'data-focus': '' },
      hidden(`${t.columns[column.id]} `),
      content,
      hidden(t.products.edit(product.title)),
      icon('edit', 'icon small-icon edit-mark'),
    );
    button.addEventListener('click', () => this.#options.onedit(cell, product, column));
    return fill(cell, button);
  }

  #headRow() {
    const { columns, selection } = this.#options;
    const all = selection && h('div', { class: 'cell cell-check', role: 'columnheader' }, this.#allBox());
    return h(
      'div',
      { class: 'grid-row grid-titles', role: 'row', 'aria-rowindex': 1 },
      all,
      columns.map((column) => this.#title(column)),
    );
  }

  #allBox() {
    const box = h('input', { type: 'checkbox', 'aria-label': t.products.selectShown, class: 'all-box' });
    box.addEventListener('click', () => this.#options.selection.toggleShown(this.#options.rows));
    return h('label', { class: 'check-area' }, box);
  }

  #markHead() {
    const box = this.element.querySelector('.all-box');
    if (!box) return;
    const state = this.#options.selection.stateOf(this.#options.rows);
    box.checked = state === 'all';
    box.indeterminate = state === 'some';
  }

  #title(column) {
    const { sort, onsort } = this.#options;
    const name = t.columns[column.id];
    const className = `cell cell-of-${column.id}${column.isNumber ? ' number' : ''}`;
    if (column.id === 'picture') return h('div', { class: className, role: 'columnheader' }, hidden(name));
    if (!column.sort) return h('div', { class: className, role: 'columnheader' }, name);
    const isUp = sort === column.sort;
    const isDown = sort === column.other;
    const order = isUp || isDown ? (sort.endsWith('desc') || sort === 'newest' ? 'descending' : 'ascending') : 'none';
    const mark = order === 'none' ? null : icon(order === 'ascending' ? 'up' : 'down', 'icon small-icon');
    const next = isUp && column.other ? column.other : column.sort;
    const button = h('button', { type: 'button', class: 'sort', onclick: () => onsort(next) }, name, mark);
    return h('div', { class: className, role: 'columnheader', 'aria-sort': order }, button);
  }
}

/** Whether somebody types in a cell. What is being saved is read-only. */
const isTypedIn = (cell) => cell.querySelector('.cell-input:not([readonly])') !== null;

const versionOf = ({ id, version, stock_quantity: stock }, isSelected) => `${id} ${version} ${stock} ${isSelected}`;
