// Gives products out as a file.

import { get } from '../core/api.js';
import { h } from '../core/dom.js';
import { busy } from '../core/dialog.js';
import { field, segments, select } from '../core/fields.js';
import { bytes } from '../core/format.js';
import { button } from '../core/heading.js';
import { showProblem, toast } from '../core/toast.js';
import { download } from '../core/transfer.js';
import { t } from '../texts.js';

export function exportPanel(signal) {
  const format = segments({
    label: t.files.format,
    value: 'csv',
    choices: [
      ['csv', t.files.csv],
      ['ndjson', t.files.ndjson],
    ],
  });
  const status = select(
    [
      ['', t.products.all],
      ['active', t.products.active],
      ['inactive', t.products.inactive],
    ],
    '',
  );
  const category = select([['', t.files.allCategories]], '');
  fillCategories(category, signal);
  const state = h('p', { class: 'faint', role: 'status' });
  const save = button(t.files.export, () => busy(save, () => run({ format, status, category, state, signal })), {
    icon: 'download',
    kind: 'primary',
  });
  return h(
    'section',
    { class: 'card section stack' },
    h('h2', {}, t.files.exportTitle),
    h('p', {}, t.files.exportText),
    h('div', { class: 'field' }, h('span', { class: 'label' }, t.files.format), format),
    field({ label: t.columns.status, control: status }),
    field({ label: t.filters.category, control: category }),
    state,
    h('div', {}, save),
  );
}

function fillCategories(control, signal) {
  get('/api/categories', { status: 'all' }, signal).then(({ data }) => {
    control.append(...data.data.map(({ slug, name }) => h('option', { value: slug }, name)));
  }, showProblem);
}

async function run({ format, status, category, state, signal }) {
  const query = { format: format.value, status: status.value, category: category.value };
  const day = new Date().toISOString().slice(0, 10);
  const name = `products-${day}.${format.value}`;
  try {
    const size = await download('/api/products/export', {
      query,
      name,
      signal,
      progress: (count) => (state.textContent = bytes(count)),
    });
    toast(t.files.exported(name, bytes(size)));
  } finally {
    state.textContent = '';
  }
}
