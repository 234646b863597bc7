// An entry of the log of changes: who did what, with before and after.

import { fill, h } from '../core/dom.js';
import { busy } from '../core/dialog.js';
import { ago, moment } from '../core/format.js';
import { icon } from '../core/icons.js';
import { href } from '../core/router.js';
import { toast } from '../core/toast.js';
import { t } from '../texts.js';
import { canUndo, undoChange } from './undo.js';
import { loggedName, loggedText } from './values.js';

/** Longer texts are cut until they are opened. */
const CUT = 160;
/** Of new and removed things, only the members are shown that say which one it was. */
const TELLING = [
  'title',
  'name',
  'price',
  'sku',
  'rating',
  'comment',
  'reviewer_name',
  'permissions',
  'url',
  'stock_quantity',
];

/**
 * @param {any} change
 * @param {{ undone: () => void, isOfPage?: boolean }} options `isOfPage`: the page is about the thing that was changed.
 */
export function changeEntry(change, { undone, isOfPage = false }) {
  return h(
    'li',
    { class: 'change' },
    h(
      'span',
      { class: `change-mark ${change.action}`, 'aria-hidden': 'true' },
      icon(markOf(change.action), 'icon small-icon'),
    ),
    h('div', { class: 'grow' }, headline(change, isOfPage), differences(change)),
    canUndo(change) && undoButton(change, undone),
  );
}

const markOf = (action) => ({ created: 'plus', deleted: 'trash' })[action] ?? 'edit';

function headline(change, isOfPage) {
  const time = h('time', { datetime: change.at, title: moment(change.at), class: 'faint' }, ago(change.at));
  const subject = isOfPage ? null : subjectOf(change);
  return h(
    'p',
    { class: 'change-head' },
    h('strong', {}, actorOf(change)),
    ' ',
    t.changes.did(change.action, t.resources[change.resource] ?? change.resource),
    subject && [' ', subject],
    ' · ',
    time,
    change.reason && h('span', { class: 'faint' }, ' · ', change.reason),
  );
}

/** Who it was. */
export function actorOf({ actor }) {
  if (actor.name) return t.changes.actorNamed(t.actors[actor.kind] ?? actor.kind, actor.name);
  const isKind = !actor.id || actor.id === actor.kind;
  return isKind
    ? (t.actors[actor.kind] ?? actor.kind)
    : t.changes.actorNamed(t.actors[actor.kind] ?? actor.kind, actor.id);
}

function subjectOf({ resource, slug, resource_id: id, action }) {
  if (!slug) return String(id);
  const isLinked = (resource === 'product' || resource === 'review') && action !== 'deleted';
  return isLinked ? h('a', { href: href(`products/${encodeURIComponent(slug)}`) }, slug) : slug;
}

function differences({ diff, action, resource }) {
  const names = Object.keys(diff).filter((name) => name !== 'rating_counts' && name !== 'version');
  const isWhole = action !== 'updated';
  const shown = isWhole ? names.filter((name) => TELLING.includes(name)) : names;
  const rows = shown.filter((name) => !isWhole || valueOf(diff[name], action) !== null);
  if (rows.length === 0) return null;
  const list = h('dl', { class: 'diff' });
  const row = (name) => [
    h('dt', {}, loggedName(name, resource)),
    h('dd', {}, isWhole ? cut(valueOf(diff[name], action), name) : beforeAfter(diff[name], name)),
  ];
  return fill(list, rows.map(row));
}

const valueOf = ([before, after], action) => (action === 'deleted' ? before : after);

function beforeAfter([before, after], name) {
  return [
    h('del', {}, cut(before, name)),
    h('span', { class: 'arrow', 'aria-label': t.changes.becomes }, ' → '),
    h('ins', {}, cut(after, name)),
  ];
}

/** A value as text; a long one is cut, and opens. */
function cut(value, name) {
  const text = loggedText(value, name);
  if (text.length <= CUT) return text;
  return h('details', { class: 'long' }, h('summary', {}, `${text.slice(0, CUT)}…`), h('p', { class: 'lines' }, text));
}

function undoButton(change, undone) {
  const label = change.action === 'deleted' ? t.changes.bringBack : t.undo;
  const button = h('button', { type: 'button', class: 'button quiet' }, icon('undo'), label);
  button.addEventListener('click', async () => {
    const result = await busy(button, () => undoChange(change).then((done) => done !== false));
    if (result === false) return;
    toast(t.undone);
    undone();
  });
  return button;
}
