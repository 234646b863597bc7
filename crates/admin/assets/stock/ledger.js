// The movements of the stock of one product, with the balance after each.

import { get, productPath } from '../core/api.js';
import { fill, h } from '../core/dom.js';
import { ago, moment, number, signed } from '../core/format.js';
import { heading, linkButton } from '../core/heading.js';
import { empty, load } from '../core/states.js';
import { busy } from '../core/dialog.js';
import { dataTable, numeric } from '../core/table.js';
import { can } from '../core/session.js';
import { actorOf } from '../changes/entry.js';
import { lines } from '../service/plots.js';
import { t } from '../texts.js';

const LIMIT = 50;

export async function showLedger(main, slug, signal) {
  const { data: product } = await get(productPath(slug), {}, signal);
  const isLow = product.low_stock_at !== null && product.stock_quantity <= product.low_stock_at;
  const actions = [
    can('products:read') && linkButton(t.stock.openProduct, `products/${slug}`, { icon: 'box', kind: 'quiet' }),
    linkButton(t.stock.receive, `stock?add=${encodeURIComponent(slug)}`, { icon: 'plus', kind: 'primary' }),
  ];
  const area = h('div');
  fill(
    main,
    heading({ title: product.title, back: { address: 'stock', label: t.pages.stock }, actions }),
    h(
      'div',
      { class: 'tiles' },
      tile(t.stock.now, number(product.stock_quantity), isLow && h('span', { class: 'badge warn' }, t.products.low)),
      tile(t.columns.low_stock_at, product.low_stock_at === null ? t.nothing : number(product.low_stock_at)),
    ),
    area,
  );
  load(area, () => ledger(slug, signal));
}

const tile = (label, value, note) =>
  h(
    'div',
    { class: 'card tile' },
    h('p', { class: 'faint small' }, label),
    h('p', { class: 'tile-value' }, value, ' ', note),
  );

async function ledger(slug, signal) {
  const page = async (cursor) => (await get(`${productPath(slug)}/stock`, { limit: LIMIT, cursor }, signal)).data;
  const first = await page();
  if (first.data.length === 0) return empty({ icon: 'layers', title: t.stock.noMovements });
  const body = h('tbody', {}, first.data.map(row));
  let next = first.pagination.next_cursor;
  const more = h('button', { type: 'button', class: 'button', hidden: !next }, t.more);
  more.addEventListener('click', () =>
    busy(more, async () => {
      const { data, pagination } = await page(next);
      body.append(...data.map(row));
      next = pagination.next_cursor;
      more.hidden = !next;
    }),
  );
  return h('div', { class: 'stack' }, plot(first.data), table(body), h('div', { class: 'row center' }, more));
}

/** The last balances as a line. */
function plot(movements) {
  if (movements.length < 3) return null;
  const points = movements.toReversed().map((movement) => ({ at: movement.at, balance: movement.balance }));
  return lines({
    title: t.stock.plot,
    points,
    series: [{ name: t.stock.balance, value: (point) => point.balance, tone: 'one' }],
    format: number,
    isStepped: true,
  });
}

function table(body) {
  const { at, reason, change, balance, reference, actor } = t.stock.columns;
  const columns = [at, reason, numeric(change), numeric(balance), reference, actor];
  return dataTable({ label: t.product.ledger, columns, body });
}

function row(movement) {
  const { at, reason, change, balance, reference } = movement;
  const tone = change < 0 ? 'bad-text' : change > 0 ? 'good-text' : '';
  return h(
    'tr',
    {},
    h('td', {}, h('time', { datetime: at, title: moment(at) }, ago(at))),
    h('td', {}, t.reasons[reason] ?? reason),
    h('td', { class: `number ${tone}` }, signed(change)),
    h('td', { class: 'number' }, h('strong', {}, number(balance))),
    h('td', {}, reference ?? ''),
    h('td', { class: 'faint' }, actorOf(movement)),
  );
}
