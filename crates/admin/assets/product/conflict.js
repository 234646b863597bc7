// Somebody else has changed the product meanwhile: both versions side by side, to choose from field by field.

import { fill, h, newId } from '../core/dom.js';
import { openDialog } from '../core/dialog.js';
import { dataTable } from '../core/table.js';
import { t } from '../texts.js';
import { changedPaths, isSame } from './model.js';
import { shownValue } from './values.js';

/** Fields that make sense only together. */
const WHOLES = [/^net_content\./, /^food\.nutrition\./, /^food\.(allergens|may_contain)$/];
const wholeOf = (path) => String(WHOLES.find((whole) => whole.test(path)) ?? path);

/** Whether both sides have changed the same field, or fields that make sense only together. */
export function isConflict({ base, mine, theirs }) {
  const differing = (side) => changedPaths(base, side).filter((path) => !isSame(mine.get(path), theirs.get(path)));
  const wholes = new Set(differing(mine).map(wholeOf));
  return differing(theirs).some((path) => wholes.has(wholeOf(path)));
}

/**
 * Lets somebody choose. Fields that only one side has changed are settled, but can be chosen as well.
 * @param {{ base: Map<string, any>, mine: Map<string, any>, theirs: Map<string, any> }} versions
 * @returns {Promise<Map<string, any> | null>} The chosen values, or null.
 */
export async function resolveConflict({ base, mine, theirs }) {
  const paths = [...mine.keys()].filter((path) => !isSame(mine.get(path), theirs.get(path)));
  const rows = paths.map((path) => conflictRow(path, { base, mine, theirs }));
  const isSaved = await openDialog({
    title: t.conflict.title,
    wide: true,
    body: h('div', { class: 'stack' }, h('p', {}, t.conflict.text), table(rows)),
    actions: [{ label: t.cancel }, { label: t.conflict.save, kind: 'primary', value: true }],
  });
  if (!isSaved) return null;
  return new Map(
    [...mine].map(([path, value]) => [
      path,
      rows.find((row) => row.path === path)?.chosen() === 'theirs' ? theirs.get(path) : value,
    ]),
  );
}

function table(rows) {
  const columns = [t.conflict.field, t.conflict.theirs, t.conflict.mine];
  return dataTable({ label: t.conflict.title, columns, body: rows.map((row) => row.element), className: 'conflict' });
}

function conflictRow(path, { base, mine, theirs }) {
  const isMine = !isSame(base.get(path), mine.get(path));
  const isTheirs = !isSame(base.get(path), theirs.get(path));
  const name = newId('choice');
  const label = t.fields[path];
  const cell = (side, value, isChosen) => {
    const input = h('input', {
      type: 'radio',
      name,
      value: side,
      checked: isChosen,
      'aria-label': t.conflict.choose(label, side),
    });
    return h('td', {}, h('label', { class: 'choice' }, input, h('div', {}, shownValue(path, value))));
  };
  const isBoth = isMine && isTheirs;
  const note = isBoth && h('span', { class: 'badge warn' }, t.conflict.both);
  const element = h('tr', {});
  fill(
    element,
    h('th', { scope: 'row' }, label, ' ', note),
    cell('theirs', theirs.get(path), !isMine),
    cell('mine', mine.get(path), isMine),
  );
  return { path, element, chosen: () => element.querySelector('input:checked').value };
}
