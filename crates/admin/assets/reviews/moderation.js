// Decides of the reviews that wait, with one key each.

import { fill, h } from '../core/dom.js';
import { checkbox } from '../core/fields.js';
import { button } from '../core/heading.js';
import { announce } from '../core/live.js';
import { empty, failed, load } from '../core/states.js';
import { isEditing, showProblem } from '../core/toast.js';
import { t } from '../texts.js';
import { reviewContent } from './card.js';
import { Queue } from './queue.js';

/** What each key does. */
const KEYS = { y: 'publish', n: 'reject', l: 'later', u: 'undo' };

/** Single keys disturb people who speak to their computer, so they can be switched off. The choice lasts as the page does. */
let hasKeys = true;

export function showModeration(area, signal) {
  const moderation = new Moderation(area, signal);
  load(area, () => moderation.begin(), 3);
}

class Moderation {
  #isBusy = false;

  constructor(area, signal) {
    this.signal = signal;
    this.queue = new Queue(signal);
    this.queue.onerror = showProblem;
    this.card = h('article', { class: 'card review', tabindex: '-1', 'aria-live': 'off' });
    this.status = h('p', { class: 'faint', role: 'status' });
    this.undoButton = button([t.undo, key('u')], () => this.act('undo'), { icon: 'undo', kind: 'quiet' });
    this.actions = h('div', { class: 'review-actions' }, this.#buttons());
    this.area = area;
  }

  async begin() {
    await this.queue.begin();
    document.addEventListener('keydown', (event) => this.#onKey(event), { signal: this.signal });
    // Deletions that are held back are made when the page is left or closed.
    this.signal.addEventListener('abort', () => this.queue.flush());
    addEventListener('pagehide', () => this.queue.flush(), { signal: this.signal });
    this.root = h('div', { class: 'moderation' });
    this.#draw();
    return this.root;
  }

  #buttons() {
    return [
      button([t.reviews.reject, key('n')], () => this.act('reject'), { icon: 'trash', kind: 'danger-quiet' }),
      button([t.reviews.later, key('l')], () => this.act('later'), { icon: 'clock' }),
      button([t.reviews.publish, key('y')], () => this.act('publish'), { icon: 'check', kind: 'primary' }),
    ];
  }

  #draw() {
    const { current, left } = this.queue;
    this.status.textContent = t.reviews.left(left);
    this.undoButton.disabled = !this.queue.canUndo;
    const keys = checkbox(t.reviews.keys, { checked: hasKeys });
    keys.input.addEventListener('change', () => (hasKeys = keys.input.checked));
    const head = h(
      'div',
      { class: 'row spread wrap' },
      this.status,
      h('div', { class: 'row' }, h('span', { class: 'review-keys' }, keys), this.undoButton),
    );
    if (!current) {
      const { failure } = this.queue;
      const none = () => empty({ icon: 'check', title: t.reviews.none, text: t.reviews.noneText });
      fill(this.root, head, failure ? failed(failure, () => this.act('more')) : none());
      return;
    }
    fill(this.card, reviewContent(current));
    fill(this.root, head, this.card, this.actions);
  }

  /** Does what a button or key says, one after another. */
  async act(name) {
    const needsReview = name !== 'undo' && name !== 'more';
    if (this.#isBusy || (needsReview && !this.queue.current)) return;
    this.#isBusy = true;
    this.card.classList.add('busy');
    try {
      const result = await this.queue[name]();
      this.#draw();
      this.#tell(name, result);
    } catch (error) {
      // What is shown must be what the next key decides of.
      this.#draw();
      showProblem(error);
    } finally {
      this.#isBusy = false;
      this.card.classList.remove('busy');
    }
  }

  #tell(name, result) {
    const what = name === 'undo' && !result ? t.reviews.tooLate : (t.reviews.done[name] ?? '');
    const { current, failure } = this.queue;
    const next = current
      ? t.reviews.next(current.reviewer_name, current.rating, current.comment.slice(0, 300))
      : (failure?.message ?? t.reviews.none);
    announce(`${what} ${next}`);
    // A button that is gone or disabled has lost the focus.
    if (document.activeElement === document.body) this.card.focus({ preventScroll: true });
  }

  #onKey(event) {
    const name = KEYS[event.key.toLowerCase()];
    // A key that is held down decides once.
    const hasModifier = event.ctrlKey || event.metaKey || event.altKey || event.repeat;
    if (!hasKeys || !name || hasModifier || isEditing(event.target) || document.querySelector('dialog[open]')) return;
    event.preventDefault();
    this.act(name);
  }
}

const key = (letter) => h('kbd', { class: 'wide-only', 'aria-hidden': 'true' }, letter.toUpperCase());
