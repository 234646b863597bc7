// The keyboard in the table: one cell is reached by Tab, and the arrow keys move from there (the grid pattern of ARIA).

/** Keys that move, with how they move. */
const MOVES = {
  ArrowUp: ([row, column]) => [row - 1, column],
  ArrowDown: ([row, column]) => [row + 1, column],
  ArrowLeft: ([row, column]) => [row, column - 1],
  ArrowRight: ([row, column]) => [row, column + 1],
  PageUp: ([row, column], { pageSize }) => [row - pageSize, column],
  PageDown: ([row, column], { pageSize }) => [row + pageSize, column],
  Home: ([row]) => [row, 0],
  End: ([row], { columnCount }) => [row, columnCount - 1],
};

export class GridFocus {
  #grid;
  #row = 0;
  #column = 0;

  /** @param {import('./grid.js').Grid} grid */
  constructor(grid) {
    this.#grid = grid;
    grid.element.addEventListener('keydown', (event) => this.#onKey(event));
    grid.element.addEventListener('focusin', (event) => this.#onFocus(event));
  }

  /** The column of the focused cell of a row, or null. */
  columnIn(row) {
    const cell = document.activeElement?.closest?.('.cell');
    return cell && row.contains(cell) ? [...row.children].indexOf(cell) : null;
  }

  /** Makes the cells of a new row reachable, and focuses the one that had the focus before the row was drawn anew. */
  prepare(row, index, focusedColumn) {
    [...row.children].forEach((cell, column) => {
      const isCurrent = index === this.#row && column === this.#column;
      targetOf(cell).tabIndex = isCurrent ? 0 : -1;
    });
    const focused = row.children[focusedColumn];
    if (focused && !focused.contains(document.activeElement)) targetOf(focused).focus();
  }

  /** Moves the focus to a cell. */
  moveTo(row, column) {
    const lastRow = this.#grid.count - 1;
    const target = this.#grid.reveal(clamp(row, 0, lastRow));
    const cell = target?.children[clamp(column, 0, this.#grid.columnCount - 1)];
    if (!cell || target.classList.contains('loading')) return;
    targetOf(cell).focus({ preventScroll: true });
    cell.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }

  #onKey(event) {
    if (event.target.matches('input:not([type=checkbox])') || event.altKey) return;
    const isCommand = event.ctrlKey || event.metaKey;
    if (event.key === 'F2') return this.#edit(event);
    const move = MOVES[event.key];
    if (!move || !event.target.closest('.grid-body')) return;
    event.preventDefault();
    let [row, column] = move([this.#row, this.#column], this.#grid);
    if (isCommand && event.key === 'Home') row = 0;
    if (isCommand && event.key === 'End') row = this.#grid.count - 1;
    this.moveTo(row, column);
  }

  #edit(event) {
    const button = event.target.closest('.cell')?.querySelector('.cell-edit');
    if (!button) return;
    event.preventDefault();
    button.click();
  }

  /** Remembers the focused cell as the one that Tab comes back to. */
  #onFocus(event) {
    const cell = event.target.closest('.grid-body .cell');
    if (!cell) return;
    const row = cell.parentElement;
    this.#grid.element.querySelectorAll('.grid-body [tabindex="0"]').forEach((other) => (other.tabIndex = -1));
    targetOf(cell).tabIndex = 0;
    this.#row = Number(row.dataset.index);
    this.#column = [...row.children].indexOf(cell);
  }
}

/** What of a cell gets the focus: its control, or the cell. */
const targetOf = (cell) => cell?.querySelector('[data-focus]') ?? cell;

const clamp = (value, least, most) => Math.min(Math.max(value, least), most);
