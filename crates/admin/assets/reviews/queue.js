// The reviews that wait, and what was decided of them.
//
// A published review can be hidden again, but a deleted one is gone. So deletions are held back for a while, during which
// they can be undone.

import { get, post } from '../core/api.js';

const LIMIT = 20;
/** How long a deletion is held back, in milliseconds. */
const HELD_BACK = 12_000;
const ADDRESS = '/api/reviews/bulk';

export class Queue {
  /** Those that wait here. */
  #waiting = [];
  #cursor = '';
  #seen = new Set();
  /** Deletions that are held back, with their timers, by id. */
  #held = new Map();

  constructor(signal) {
    this.signal = signal;
    /** How many waited when the queue was loaded, less those that are decided. */
    this.left = 0;
    /** What was decided, the newest last. */
    this.decided = [];
    /** Called with an error of a deletion that was held back, and of loading more. */
    this.onerror = () => {};
    /** Why no more could be loaded, until it succeeds. */
    this.failure = null;
  }

  /** The review to decide of, or undefined. */
  get current() {
    return this.#waiting[0];
  }

  async begin() {
    await this.#fill();
  }

  /** Publishes the current review. */
  async publish() {
    const review = this.current;
    await post(ADDRESS, { ids: [review.id], decision: 'verify' });
    await this.#decide(review, 'verify');
  }

  /** Deletes the current review, after a while. */
  async reject() {
    const review = this.current;
    const timer = setTimeout(() => this.#delete([review.id]), HELD_BACK);
    this.#held.set(review.id, timer);
    await this.#decide(review, 'delete');
  }

  /** Puts the current review behind the others. */
  async later() {
    this.#waiting.push(this.#waiting.shift());
    await this.more();
  }

  /** Takes the last decision back. Returns its review. */
  async undo() {
    const last = this.decided.at(-1);
    if (!last) return null;
    const { review, decision } = last;
    if (decision === 'verify') await post(ADDRESS, { ids: [review.id], decision: 'unverify' });
    // A deletion that was made can't be taken back.
    else if (!this.#release(review.id)) return null;
    this.decided.pop();
    this.#waiting.unshift(review);
    this.left += 1;
    return review;
  }

  /** Whether the last decision can be taken back. */
  get canUndo() {
    const last = this.decided.at(-1);
    return Boolean(last) && (last.decision === 'verify' || this.#held.has(last.review.id));
  }

  /** Makes the deletions that are held back, also when the page is being closed. */
  flush() {
    const ids = [...this.#held.keys()];
    for (const timer of this.#held.values()) clearTimeout(timer);
    this.#held.clear();
    if (ids.length > 0) post(ADDRESS, { ids, decision: 'delete' }, { keepalive: true }).catch(this.onerror);
  }

  #release(id) {
    clearTimeout(this.#held.get(id));
    return this.#held.delete(id);
  }

  async #delete(ids) {
    ids.forEach((id) => this.#held.delete(id));
    await post(ADDRESS, { ids, decision: 'delete' }).catch(this.onerror);
  }

  async #decide(review, decision) {
    this.#waiting.shift();
    this.decided.push({ review, decision });
    this.left -= 1;
    await this.more();
  }

  /** Loads more if few are left here. What was decided stands even if that fails. */
  async more() {
    await this.#fill().then(
      () => (this.failure = null),
      (error) => {
        this.failure = error;
        this.onerror(error);
      },
    );
  }

  /** Loads more when few are left here. */
  async #fill() {
    if (this.#waiting.length > 3 || this.#cursor === null) return;
    const { data } = await get('/api/reviews', { verified: 'false', limit: LIMIT, cursor: this.#cursor }, this.signal);
    if (this.#seen.size === 0) this.left = data.pagination.total;
    this.#cursor = data.pagination.next_cursor;
    for (const review of data.data) {
      if (this.#seen.has(review.id)) continue;
      this.#seen.add(review.id);
      this.#waiting.push(review);
    }
  }
}
