// API keys: for programs and for people.

import { get, post, remove } from '../core/api.js';
import { fill, h } from '../core/dom.js';
import { confirm, openDialog } from '../core/dialog.js';
import { checkbox, field, group, select, showErrors, textInput } from '../core/fields.js';
import { ago, day, fromLocalInput, moment } from '../core/format.js';
import { button, heading } from '../core/heading.js';
import { can } from '../core/session.js';
import { empty, load } from '../core/states.js';
import { showProblem, toast } from '../core/toast.js';
import { t } from '../texts.js';
import { showSecret } from './secret.js';

const PERMISSIONS = [
  'products:read',
  'products:write',
  'products:delete',
  'stock:write',
  'reviews:moderate',
  'metrics:read',
  'changes:read',
  'webhooks:manage',
  'keys:manage',
];
/** What keys are often for. */
const PURPOSES = {
  warehouse: ['products:read', 'stock:write'],
  staff: ['products:read', 'products:write', 'stock:write', 'reviews:moderate', 'changes:read'],
  shop: [],
  other: null,
};
/** How long an old key goes on after a rotation, in seconds. */
const OVERLAPS = [0, 3600, 86_400, 604_800];

export function show({ main, signal }) {
  const area = h('div');
  const reload = () => load(area, () => list(reload, signal));
  const add = button(t.keys.add, () => create(reload), { icon: 'plus', kind: 'primary' });
  fill(main, heading({ title: t.pages.keys, text: t.keys.text, actions: [add] }), area);
  return void reload();
}

const isOver = (key) => key.revoked_at || (key.expires_at && new Date(key.expires_at) < new Date());

async function list(reload, signal) {
  const { data } = await get('/api/keys', {}, signal);
  if (data.data.length === 0) return empty({ icon: 'key', title: t.keys.none, text: t.keys.noneText });
  const items = (keys) =>
    h(
      'ul',
      { class: 'list cards' },
      keys.map((key) => item(key, reload)),
    );
  const over = data.data.filter(isOver);
  return [
    items(data.data.filter((key) => !isOver(key))),
    over.length > 0 && h('details', { class: 'over' }, h('summary', {}, t.keys.over(over.length)), items(over)),
  ];
}

function item(key, reload) {
  const actions = isOver(key)
    ? null
    : [
        button(t.keys.rotate, () => rotate(key, reload), { icon: 'refresh', kind: 'quiet' }),
        button(t.keys.revoke, () => revoke(key, reload), { icon: 'cross', kind: 'danger-quiet' }),
      ];
  return h(
    'li',
    { class: 'card list-item' },
    h(
      'div',
      { class: 'grow' },
      h('h2', { class: 'item-title' }, key.name, ' ', h('code', { class: 'small faint' }, `${key.prefix}…`)),
      h(
        'p',
        { class: 'row wrap' },
        key.permissions.map((name) => h('span', { class: 'badge', title: t.permissions[name] }, name)),
        key.permissions.length === 0 && h('span', { class: 'badge' }, t.keys.public),
      ),
      h('p', { class: 'small faint' }, factsOf(key).join(' · ')),
    ),
    actions && h('div', { class: 'row wrap' }, actions),
  );
}

function factsOf(key) {
  return [
    t.keys.made(day(key.created_at)),
    key.last_used_at ? t.keys.used(ago(key.last_used_at)) : t.keys.unused,
    key.revoked_at && t.keys.revoked(moment(key.revoked_at)),
    !key.revoked_at && key.expires_at && t.keys.expires(moment(key.expires_at)),
  ].filter(Boolean);
}

function create(reload) {
  const fields = keyFields();
  return openDialog({
    title: t.keys.add,
    body: h('div', { class: 'stack' }, Object.values(fields)),
    onopen: () => fields.name.input.focus(),
    actions: [{ label: t.cancel }, { label: t.keys.create, kind: 'primary', run: () => write(fields, reload) }],
  });
}

function keyFields() {
  // Nobody gives a permission that they lack.
  const boxes = PERMISSIONS.filter(can).map((name) => {
    const box = checkbox([h('strong', {}, t.permissions[name]), ' ', h('code', { class: 'small faint' }, name)], {
      value: name,
    });
    box.name = name;
    return box;
  });
  const purpose = select(
    Object.keys(PURPOSES).map((name) => [name, t.keys.purposes[name]]),
    'warehouse',
  );
  const choose = () => {
    const wanted = PURPOSES[purpose.value];
    if (wanted) boxes.forEach((box) => (box.input.checked = wanted.includes(box.name)));
  };
  purpose.addEventListener('change', choose);
  boxes.forEach((box) => box.input.addEventListener('change', () => (purpose.value = 'other')));
  choose();
  const permissions = group({ label: t.keys.permissions, controls: h('div', { class: 'stack tight' }, boxes) });
  permissions.read = () => boxes.filter((box) => box.input.checked).map((box) => box.name);
  return {
    name: field({ label: t.keys.name, control: textInput({ maxlength: 100 }), hint: t.keys.nameHint }),
    purpose: field({ label: t.keys.purpose, control: purpose }),
    permissions,
    expires_at: field({
      label: t.keys.expiresAt,
      control: h('input', { type: 'datetime-local' }),
      hint: t.keys.expiresHint,
    }),
  };
}

async function write(fields, reload) {
  const body = { name: fields.name.input.value.trim(), permissions: fields.permissions.read() };
  const end = fromLocalInput(fields.expires_at.input.value);
  if (end) body.expires_at = end;
  try {
    const { data } = await post('/api/keys', body);
    showSecret({ title: t.keys.createdTitle(data.name), text: t.keys.createdText, secret: data.secret });
    reload();
    return true;
  } catch (problem) {
    if (!problem.errors?.length) throw problem;
    showErrors(fields, problem).forEach((message) => toast(message, { kind: 'bad' }));
    return false;
  }
}

function rotate(key, reload) {
  const overlap = select(
    OVERLAPS.map((seconds) => [String(seconds), t.keys.overlaps[seconds]]),
    '86400',
  );
  const run = async () => {
    const { data } = await post(`/api/keys/${encodeURIComponent(key.id)}/rotate`, {
      overlap_seconds: Number(overlap.value),
    });
    showSecret({ title: t.keys.createdTitle(data.name), text: t.keys.createdText, secret: data.secret });
    reload();
    return true;
  };
  return openDialog({
    title: t.keys.rotateTitle(key.name),
    body: h(
      'div',
      { class: 'stack' },
      h('p', {}, t.keys.rotateText),
      field({ label: t.keys.overlap, control: overlap }),
    ),
    actions: [{ label: t.cancel }, { label: t.keys.rotate, kind: 'primary', run }],
  });
}

async function revoke(key, reload) {
  const yes = await confirm({
    title: t.keys.revokeTitle(key.name),
    text: t.keys.revokeText,
    yes: t.keys.revoke,
    danger: true,
  });
  if (!yes) return;
  try {
    await remove(`/api/keys/${encodeURIComponent(key.id)}`);
    toast(t.keys.revokedDone(key.name));
    reload();
  } catch (problem) {
    showProblem(problem);
  }
}
