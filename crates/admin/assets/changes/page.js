// The log of changes.

import { get, queryText } from '../core/api.js';
import { fill, h } from '../core/dom.js';
import { field, select, textInput } from '../core/fields.js';
import { heading } from '../core/heading.js';
import { replaceAddress } from '../core/router.js';
import { empty, load, paged } from '../core/states.js';
import { t } from '../texts.js';
import { changeEntry } from './entry.js';

const RESOURCES = ['product', 'category', 'review', 'image', 'key', 'session', 'synonyms', 'webhook'];
const ACTORS = ['admin', 'key', 'customer', 'system', 'database'];
const NAMES = ['resource', 'actor', 'slug', 'since', 'until'];
const LIMIT = 30;

export function show({ main, query: parameters, signal }) {
  const query = Object.fromEntries(NAMES.map((name) => [name, parameters.get(name) ?? '']));
  const area = h('div');
  const reload = () => load(area, () => list(query, signal, reload));
  const change = (name, value) => {
    query[name] = value;
    replaceAddress(`changes${queryText(query)}`);
    reload();
  };
  fill(main, heading({ title: t.pages.changes, text: t.changes.text }), filters(query, change), area);
  return void reload();
}

function filters(query, change) {
  const all = (values, texts) => [['', t.all], ...values.map((value) => [value, texts[value]])];
  const choice = (name, choices) => {
    const control = select(choices, query[name]);
    control.addEventListener('change', () => change(name, control.value));
    return field({ label: t.changes[name], control });
  };
  const input = (name, props) => {
    const control = textInput({ value: query[name], ...props });
    control.addEventListener('change', () => change(name, control.value.trim()));
    return field({ label: t.changes[name], control });
  };
  return h(
    'div',
    { class: 'filter-row' },
    choice('resource', all(RESOURCES, t.resources)),
    choice('actor', all(ACTORS, t.actors)),
    input('slug', { placeholder: t.changes.slugExample }),
    input('since', { type: 'date' }),
    input('until', { type: 'date' }),
  );
}

/** The API takes times; the filters are days of this computer's time zone, both of them whole. */
function parametersOf({ since, until, ...rest }) {
  const start = (text, days) => {
    if (!text) return '';
    const date = new Date(`${text}T00:00`);
    date.setDate(date.getDate() + days);
    return date.toISOString();
  };
  return { ...rest, since: start(since, 0), until: start(until, 1), limit: LIMIT };
}

async function list(query, signal, reload) {
  const parameters = parametersOf(query);
  let day = '';
  const page = async (cursor) => {
    const { data } = await get('/api/changes', { ...parameters, cursor }, signal);
    const items = data.data.flatMap((change) => {
      const date = new Date(change.at).toLocaleDateString('en-GB', {
        weekday: 'long',
        day: 'numeric',
        month: 'long',
        year: 'numeric',
      });
      const head = date === day ? [] : [h('li', { class: 'day' }, h('h2', {}, date))];
      day = date;
      return [...head, changeEntry(change, { undone: reload })];
    });
    return { items, next: data.pagination.next_cursor };
  };
  return paged({
    page,
    none: () => empty({ icon: 'clock', title: t.changes.none, text: t.changes.noneText }),
    className: 'list changes',
  });
}
