// The options of a variant, such as size and flavour, and links to the other variants of its group.

import { get } from '../core/api.js';
import { fill, h } from '../core/dom.js';
import { group, textInput } from '../core/fields.js';
import { money } from '../core/format.js';
import { button, iconButton } from '../core/heading.js';
import { href } from '../core/router.js';
import { can } from '../core/session.js';
import { t } from '../texts.js';

const MOST = 3;

/** Pairs of a name and a value. */
export function optionsControl() {
  const list = h('div', { class: 'stack' });
  const add = button(t.product.addOption, () => addRow('', ''), { icon: 'plus', kind: 'quiet' });
  const element = group({ label: t.fields.options, hint: t.product.optionsHint, controls: [list, add] });
  const update = () => (add.hidden = list.children.length >= MOST);
  const addRow = (name, value) => {
    const row = optionRow(name, value, () => {
      row.remove();
      update();
      add.focus();
      element.dispatchEvent(new Event('input', { bubbles: true }));
    });
    list.append(row);
    update();
    if (!name) row.querySelector('input').focus();
  };
  return {
    element,
    read: () => [...list.children].map(pairOf).filter(([name, value]) => name || value),
    write: (pairs) => {
      fill(list);
      for (const [name, value] of pairs ?? []) addRow(name, value);
      update();
    },
    setError: element.setError,
    focus: () => (list.querySelector('input') ?? add).focus(),
  };
}

function optionRow(name, value, remove) {
  const input = (text, label, placeholder) => textInput({ value: text, 'aria-label': label, placeholder });
  return h(
    'div',
    { class: 'row option-row' },
    input(name, t.product.optionName, t.product.optionNameExample),
    input(value, t.product.optionValue, t.product.optionValueExample),
    iconButton('cross', t.product.removeOption, remove),
  );
}

const pairOf = (row) => [...row.querySelectorAll('input')].map((input) => input.value.trim());

/** The other products of a group. */
export async function otherVariants(product, signal) {
  if (!product?.group) return null;
  const query = {
    group: product.group,
    status: can('products:read') ? 'all' : '',
    limit: 50,
    fields: ['id', 'slug', 'title', 'options', 'price', 'currency'],
  };
  const { data } = await get('/api/products', query, signal);
  const others = data.data.filter((other) => other.id !== product.id);
  if (others.length === 0) return h('p', { class: 'hint' }, t.product.noVariants);
  const link = (other) =>
    h(
      'li',
      {},
      h('a', { href: href(`products/${encodeURIComponent(other.slug)}`) }, other.title),
      ' ',
      h(
        'span',
        { class: 'faint' },
        [...Object.values(other.options ?? {}), money(other.price, other.currency)].join(' · '),
      ),
    );
  return h('div', {}, h('h3', {}, t.product.variants), h('ul', { class: 'plain' }, others.map(link)));
}
