// Values of products as people read them.

import { h, picture } from '../core/dom.js';
import { money, moment } from '../core/format.js';
import { t } from '../texts.js';

const none = () => h('span', { class: 'faint' }, t.nothing);

/** How the values of some fields are shown. */
const SHOWN = {
  price: money,
  list_price: money,
  publish_at: moment,
  unpublish_at: moment,
  is_active: (value) => (value ? t.products.active : t.products.inactive),
  pictures: (pictures) =>
    h(
      'div',
      { class: 'row wrap' },
      pictures.map(({ thumbnail, url, alt }) => picture(thumbnail ?? url, alt)),
    ),
  options: (pairs) => pairs.map((pair) => pair.join(': ')).join(', '),
  'food.allergens': (names) =>
    names.length === 0 ? t.product.noAllergens : names.map((name) => t.allergens[name]).join(', '),
  'food.may_contain': (names) => names.map((name) => t.allergens[name]).join(', '),
  'food.diets': (names) => names.map((name) => t.diets[name]).join(', '),
};

/** A value of a field. */
export function shownValue(path, value) {
  const isEmptyList = Array.isArray(value) && value.length === 0 && path !== 'food.allergens';
  if (value === null || value === undefined || value === '' || isEmptyList) return none();
  const show = SHOWN[path];
  if (show) return show(value);
  return Array.isArray(value) ? value.join(', ') : String(value);
}
