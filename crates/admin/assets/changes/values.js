// Names and values of the log of changes and of imports, which have the columns of the database, as people read them.

import { money, moment } from '../core/format.js';
import { t } from '../texts.js';

const MONEY = ['price', 'list_price'];
export const TIMES = ['publish_at', 'unpublish_at', 'expires_at', 'revoked_at'];

/** What a column is called. Products have names of their own for some. */
export function loggedName(name, resource = 'product') {
  const own = resource === 'product' ? t.fields[name] : null;
  return own ?? t.changes.columns[name] ?? t.fields[name] ?? name.replaceAll('_', ' ');
}

/** A value of a column as text. */
export function loggedText(value, name) {
  if (value === null || value === undefined || value === '') return t.nothing;
  if (MONEY.includes(name)) return money(value);
  if (TIMES.includes(name)) return moment(value);
  if (name === 'is_active') return value ? t.products.active : t.products.inactive;
  if (typeof value === 'boolean') return value ? t.yes : t.no;
  if (Array.isArray(value)) return value.length === 0 ? t.nothing : value.map((one) => loggedText(one)).join(', ');
  return typeof value === 'object' ? objectText(value) : String(value);
}

function objectText(value) {
  const parts = Object.entries(value).filter(
    ([, part]) => part !== null && !(Array.isArray(part) && part.length === 0),
  );
  return parts.map(([name, part]) => `${loggedName(name)}: ${loggedText(part, name)}`).join(', ') || t.nothing;
}
