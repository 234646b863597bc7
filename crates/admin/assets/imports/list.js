// The last imports, also those of other people and programs.

import { get, remove } from '../core/api.js';
import { busy, openDialog } from '../core/dialog.js';
import { h } from '../core/dom.js';
import { ago, moment, number } from '../core/format.js';
import { button } from '../core/heading.js';
import { load, paged } from '../core/states.js';
import { t } from '../texts.js';
import { result } from './result.js';

const LIMIT = 10;
/** How the statuses of imports are shown. */
const TONES = { running: 'warn', done: 'good', failed: 'bad', cancelled: '' };
const COUNTS = ['created', 'updated', 'unchanged', 'failed'];

const pathOf = ({ id }) => `/api/imports/${encodeURIComponent(id)}`;

export class ImportList {
  constructor(signal) {
    this.signal = signal;
    this.area = h('div');
    this.element = h('section', { class: 'card section stack' }, h('h2', {}, t.files.recent), this.area);
    this.reload();
  }

  reload() {
    const page = (cursor) => this.#page(cursor);
    const none = () => h('p', { class: 'faint' }, t.files.noImports);
    return load(this.area, () => paged({ page, none }), 3);
  }

  async #page(cursor) {
    const { data } = await get('/api/imports', { limit: LIMIT, cursor }, this.signal);
    return { items: data.data.map((one) => this.#item(one)), next: data.pagination.next_cursor };
  }

  #item(one) {
    const { status, format, mode, dry_run: isDry, created_at: at, failure } = one;
    const facts = [t.files.formats[format] ?? format, t.files.modes[mode] ?? mode, isDry && t.files.dryRun];
    return h(
      'li',
      { class: 'change' },
      h('span', { class: `badge ${TONES[status] ?? ''}` }, t.files.statuses[status] ?? status),
      h(
        'div',
        { class: 'grow' },
        h('p', {}, h('time', { datetime: at, title: moment(at) }, ago(at)), ' · ', countsOf(one)),
        h('p', { class: 'small faint' }, facts.filter(Boolean).join(' · ')),
        failure && h('p', { class: 'small bad-text' }, failure),
      ),
      this.#action(one),
    );
  }

  #action(one) {
    const isRunning = one.status === 'running';
    const run = () => (isRunning ? this.#cancel(one) : this.#show(one));
    const action = button(isRunning ? t.cancel : t.files.details, () => busy(action, run), { kind: 'quiet' });
    return action;
  }

  async #show(one) {
    const { data } = await get(pathOf(one), {}, this.signal);
    const body = h('div', { class: 'stack' }, result(data, data.dry_run, this.signal));
    openDialog({ title: t.files.importOf(moment(data.created_at)), body, wide: true });
  }

  async #cancel(one) {
    await remove(pathOf(one));
    this.reload();
  }
}

/** What became of the rows, or how many of them are read. */
function countsOf(one) {
  if (one.status === 'running') return t.files.rows(one.done, one.rows);
  const texts = one.dry_run ? t.files.dryCounts : t.files.counts;
  const counts = COUNTS.filter((name) => one[name] > 0).map((name) => `${number(one[name])} ${texts[name]}`);
  return counts.join(', ') || t.nothing;
}
