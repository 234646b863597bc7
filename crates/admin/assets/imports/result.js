// What an import has done, or would do.

import { h } from '../core/dom.js';
import { busy } from '../core/dialog.js';
import { number } from '../core/format.js';
import { button } from '../core/heading.js';
import { dataTable } from '../core/table.js';
import { download } from '../core/transfer.js';
import { loggedName, loggedText } from '../changes/values.js';
import { t } from '../texts.js';

/** How many errors and differences are shown. */
const SHOWN = 200;
/** What is shown of a new product. */
const TELLING = ['title', 'sku', 'price', 'stock_quantity', 'categories'];

/** @param {any} done The import after its end. */
export function result(done, isDry, signal) {
  return [
    done.failure && h('p', { class: 'notice bad', role: 'alert' }, done.failure),
    done.status === 'cancelled' && h('p', { class: 'notice' }, t.files.cancelled),
    counts(done, isDry),
    done.errors?.length > 0 && errors(done, signal),
    isDry && done.preview?.length > 0 && preview(done),
  ];
}

function counts(done, isDry) {
  const tile = (name, tone) =>
    h(
      'div',
      { class: `tile card ${done[name] > 0 ? tone : ''}` },
      h('p', { class: 'tile-value' }, number(done[name])),
      h('p', { class: 'small' }, (isDry ? t.files.dryCounts : t.files.counts)[name]),
    );
  return h(
    'div',
    { class: 'tiles' },
    tile('created', 'good'),
    tile('updated', 'good'),
    tile('unchanged', ''),
    tile('failed', 'bad'),
  );
}

function errors(done, signal) {
  const path = `/api/imports/${encodeURIComponent(done.id)}/errors.csv`;
  const save = button(t.files.saveErrors, () => busy(save, () => download(path, { name: 'errors.csv', signal })), {
    icon: 'download',
  });
  const rows = done.errors
    .slice(0, SHOWN)
    .map(({ row, column, value, message }) =>
      h(
        'tr',
        {},
        h('td', { class: 'number' }, number(row)),
        h('td', {}, column),
        h('td', { class: 'value' }, value),
        h('td', {}, message),
      ),
    );
  const rest = done.errors.length - rows.length;
  return h(
    'details',
    { class: 'facts', open: done.errors.length <= 20 },
    h('summary', {}, t.files.errors(done.failed)),
    h('p', {}, t.files.errorsText),
    dataTable({ label: t.files.errors(done.failed), columns: t.files.errorColumns, body: rows, className: 'tall' }),
    rest > 0 && h('p', { class: 'faint' }, t.files.moreErrors(number(rest))),
    save,
  );
}

function preview(done) {
  const rows = done.preview
    .slice(0, SHOWN)
    .map(({ row, slug, action, changes }) =>
      h(
        'tr',
        {},
        h('td', { class: 'number' }, number(row)),
        h('td', {}, slug),
        h('td', {}, h('span', { class: action === 'created' ? 'badge good' : 'badge' }, t.files.actions[action])),
        h('td', {}, differences(action, changes)),
      ),
    );
  return h(
    'details',
    { class: 'facts', open: true },
    h('summary', {}, t.files.preview),
    dataTable({ label: t.files.preview, columns: t.files.previewColumns, body: rows, className: 'tall' }),
  );
}

function differences(action, changes) {
  const isNew = action === 'created';
  const shown = isNew ? changes.filter(({ field }) => TELLING.includes(field)) : changes;
  const line = ({ field, before, after }) => [
    h('dt', {}, loggedName(field)),
    h(
      'dd',
      {},
      isNew
        ? loggedText(after, field)
        : [h('del', {}, loggedText(before, field)), ' → ', h('ins', {}, loggedText(after, field))],
    ),
  ];
  return h('dl', { class: 'diff' }, shown.map(line));
}
