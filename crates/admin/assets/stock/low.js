// What is low or sold out.

import { get } from '../core/api.js';
import { h, picture } from '../core/dom.js';
import { segments } from '../core/fields.js';
import { number } from '../core/format.js';
import { linkButton } from '../core/heading.js';
import { href } from '../core/router.js';
import { empty, load, paged } from '../core/states.js';
import { t } from '../texts.js';

const FIELDS = ['id', 'slug', 'title', 'sku', 'stock_quantity', 'low_stock_at', 'is_active', 'media'];
const LIMIT = 50;

export function showLow(main, signal) {
  const area = h('div');
  const reload = (stock) => load(area, () => list(stock, signal));
  const choice = segments({
    label: t.filters.stock,
    value: 'low,out',
    choices: [
      ['low,out', t.stock.both],
      ['low', t.filters.stocks.low],
      ['out', t.filters.stocks.out],
    ],
    onchange: reload,
  });
  main.append(choice, area);
  return void reload('low,out');
}

async function list(stock, signal) {
  const page = async (cursor) => {
    const { data } = await get(
      '/api/products',
      { stock, status: 'active', fields: FIELDS, limit: LIMIT, cursor },
      signal,
    );
    return { items: data.data.map(item), next: data.pagination.next_cursor };
  };
  return paged({
    page,
    none: () => empty({ icon: 'check', title: t.stock.nothingLow, text: t.stock.nothingLowText }),
    className: 'list cards',
  });
}

function item(product) {
  const { title, slug, sku, stock_quantity: stock, low_stock_at: low, media } = product;
  return h(
    'li',
    { class: 'card list-item' },
    picture(media?.[0]?.thumbnail ?? media?.[0]?.url, ''),
    h(
      'div',
      { class: 'grow' },
      h('p', { class: 'item-title' }, h('a', { href: href(`stock/${slug}`) }, title)),
      h('p', { class: 'small faint' }, sku),
    ),
    h(
      'p',
      { class: 'number' },
      h(
        'span',
        { class: stock === 0 ? 'badge bad' : 'badge warn' },
        stock === 0 ? t.products.soldOut : t.stock.left(number(stock)),
      ),
      low !== null && h('span', { class: 'small faint' }, ` ${t.stock.orderAt(number(low))}`),
    ),
    linkButton(t.stock.receive, `stock?add=${encodeURIComponent(slug)}`, { icon: 'plus', kind: 'quiet' }),
  );
}
