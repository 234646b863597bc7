// The last changes of a product, each of which can be undone.

import { get } from '../core/api.js';
import { h } from '../core/dom.js';
import { linkButton } from '../core/heading.js';
import { load } from '../core/states.js';
import { changeEntry } from '../changes/entry.js';
import { t } from '../texts.js';

const SHOWN = 10;

/** @param {() => void} undone Called after a change was undone. */
export function historyPanel(product, signal, undone) {
  const area = h('div');
  load(
    area,
    async () => {
      const { data } = await get('/api/changes', { slug: product.slug, resource: 'product', limit: SHOWN }, signal);
      // A former product may have had the slug.
      const changes = data.data.filter((change) => change.resource_id === product.id);
      return h(
        'ul',
        { class: 'list' },
        changes.map((change) => changeEntry(change, { undone, isOfPage: true })),
      );
    },
    2,
  );
  return h(
    'section',
    { class: 'card section', 'aria-labelledby': 'section-history' },
    h(
      'div',
      { class: 'row spread' },
      h('h2', { id: 'section-history' }, t.product.history),
      linkButton(t.product.allChanges, `changes?slug=${product.slug}`, { kind: 'quiet' }),
    ),
    area,
  );
}
