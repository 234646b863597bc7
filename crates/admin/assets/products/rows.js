// The rows of a long list, loaded in chunks as they come into view.

/** The rows of a chunk: what a large window shows, and a little more. */
const CHUNK = 40;
/** The highest offset that the API takes. Rows beyond it are found by the cursor of the chunk before them. */
const LAST_OFFSET = 10_000;
/** The most chunks that are kept in memory. */
const KEPT = 200;

/**
 * @typedef {{ data: any[], pagination: { total: number, total_precision: string, next_cursor: string | null } }} PageOfRows
 */

/** A list of rows, of which those are loaded that were asked for. */
export class Rows {
  #fetchPage;
  #signal;
  /** @type {Map<number, any[]>} */
  #chunks = new Map();
  /** The cursor of each chunk that is known. */
  #cursors = new Map();
  #loading = new Map();
  #total = 0;
  #isExact = false;

  /**
   * @param {(start: { offset?: number, cursor?: string, limit: number }, signal: AbortSignal) => Promise<PageOfRows>} fetchPage
   * @param {AbortSignal} signal
   */
  constructor(fetchPage, signal) {
    this.#fetchPage = fetchPage;
    this.#signal = signal;
    /** Called after rows have come or gone. */
    this.onchange = () => {};
    /** Called with an error of a request. */
    this.onerror = () => {};
  }

  /** How many rows there are, as far as is known. */
  get count() {
    return this.#total;
  }

  /** Whether `count` is the number of rows; otherwise there are more. */
  get isExact() {
    return this.#isExact;
  }

  /** Loads the first rows. */
  async begin() {
    await this.#load(0);
  }

  /** The row at an index, or undefined if it is not loaded. */
  row(index) {
    return this.#chunks.get(Math.floor(index / CHUNK))?.[index % CHUNK];
  }

  /** Loads what is missing of a range of rows. */
  need(first, last) {
    const [from, to] = [Math.floor(first / CHUNK), Math.floor(Math.max(last, first) / CHUNK)];
    for (let chunk = from; chunk <= to; chunk += 1) this.#want(chunk);
    this.#forget(from, to);
  }

  /** Replaces a row after a change. */
  replace(row) {
    for (const rows of this.#chunks.values()) {
      const index = rows.findIndex((other) => other.id === row.id);
      if (index >= 0) rows[index] = { ...rows[index], ...row };
    }
    this.onchange();
  }

  /** The rows that are loaded. */
  get loaded() {
    return [...this.#chunks.values()].flat();
  }

  /** The rows from one index to another, after loading those that are missing. */
  async range(first, last) {
    const rows = [];
    // One chunk after another: far down the list, a chunk is found by the cursor of the one before it.
    for (let chunk = Math.floor(first / CHUNK); chunk * CHUNK <= last; chunk += 1) {
      if (!this.#chunks.has(chunk)) await (this.#loading.get(chunk) ?? this.#load(chunk));
      const start = chunk * CHUNK;
      rows.push(...(this.#chunks.get(chunk) ?? []).slice(Math.max(first - start, 0), last - start + 1));
    }
    return rows;
  }

  #want(chunk) {
    const isPastEnd = chunk * CHUNK >= this.#total;
    if (isPastEnd || this.#chunks.has(chunk) || this.#loading.has(chunk)) return;
    this.#load(chunk).catch((error) => this.onerror(error));
  }

  async #load(chunk) {
    const start = this.#startOf(chunk);
    if (!start) return this.#loadBefore(chunk);
    const loading = this.#fetchPage({ ...start, limit: CHUNK }, this.#signal)
      .then((page) => this.#take(chunk, page))
      .finally(() => this.#loading.delete(chunk));
    this.#loading.set(chunk, loading);
    await loading;
  }

  /** Loads the last chunk that can be loaded before another one, whose cursor is known then. */
  async #loadBefore(chunk) {
    let before = chunk - 1;
    while (!this.#startOf(before)) before -= 1;
    if (!this.#loading.has(before)) await this.#load(before);
  }

  #startOf(chunk) {
    const offset = chunk * CHUNK;
    if (offset <= LAST_OFFSET) return { offset };
    const cursor = this.#cursors.get(chunk);
    return cursor && { cursor };
  }

  #take(chunk, page) {
    const { total, total_precision: precision, next_cursor: next } = page.pagination;
    this.#chunks.set(chunk, page.data);
    if (next) this.#cursors.set(chunk + 1, next);
    const end = chunk * CHUNK + page.data.length;
    if (precision === 'exact') this.#setTotal(total, true);
    else if (!next) this.#setTotal(end, true);
    // The API counts no further than its highest offset, so the list grows while it is read.
    else if (!this.#isExact) this.#setTotal(Math.max(total, this.#total, end + CHUNK), false);
    this.onchange();
  }

  #setTotal(total, isExact) {
    this.#total = total;
    this.#isExact = isExact;
  }

  /** Forgets the chunks that are farthest from those in view. */
  #forget(from, to) {
    if (this.#chunks.size <= KEPT) return;
    const distance = (chunk) => (chunk < from ? from - chunk : Math.max(chunk - to, 0));
    const farthest = [...this.#chunks.keys()].sort((one, other) => distance(other) - distance(one));
    for (const chunk of farthest.slice(0, this.#chunks.size - KEPT)) this.#chunks.delete(chunk);
  }
}
