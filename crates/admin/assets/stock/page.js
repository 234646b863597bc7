// Stock: deliveries and counts, what is low, and the movements of one product.

import { h } from '../core/dom.js';
import { heading } from '../core/heading.js';
import { href } from '../core/router.js';
import { can } from '../core/session.js';
import { t } from '../texts.js';
import { showLedger } from './ledger.js';
import { showLow } from './low.js';
import { MoveForm } from './move.js';

export async function show({ main, params: [slug], query, signal }) {
  if (slug && slug !== 'low') return showLedger(main, slug, signal);
  main.append(heading({ title: t.pages.stock, text: t.stock.text }), tabs(slug ?? 'move'));
  if (slug === 'low') return showLow(main, signal);
  const form = new MoveForm(signal, query.get('add'));
  main.append(form.element);
  form.focus();
  return { hasUnsaved: () => form.lines.length > 0 };
}

function tabs(current) {
  const tab = (name, address) =>
    h('a', { class: 'tab', href: href(address), 'aria-current': current === name ? 'page' : null }, t.stock.tabs[name]);
  return h(
    'nav',
    { class: 'tabs', 'aria-label': t.pages.stock },
    tab('move', 'stock'),
    can('products:read') && tab('low', 'stock/low'),
  );
}
