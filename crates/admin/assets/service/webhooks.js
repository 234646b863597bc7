// Webhooks: programs that are told of changes.

import { get, patch, post, remove } from '../core/api.js';
import { fill, h } from '../core/dom.js';
import { busy, confirm, openDialog } from '../core/dialog.js';
import { checkbox, field, group, showErrors, textInput } from '../core/fields.js';
import { ago, day, milliseconds } from '../core/format.js';
import { button, heading } from '../core/heading.js';
import { empty, load, paged } from '../core/states.js';
import { showProblem, toast } from '../core/toast.js';
import { t } from '../texts.js';
import { showSecret } from './secret.js';

const TYPES = ['product.*', 'category.*', 'review.*', 'stock.moved'];
const LIMIT = 20;
const pathOf = (hook) => `/api/webhooks/${encodeURIComponent(hook.id)}`;

export function show({ main, signal }) {
  const area = h('div');
  const reload = () => load(area, () => list(reload, signal));
  const add = button(t.webhooks.add, () => edit(null, reload), { icon: 'plus', kind: 'primary' });
  fill(main, heading({ title: t.pages.webhooks, text: t.webhooks.text, actions: [add] }), area);
  return void reload();
}

async function list(reload, signal) {
  const { data } = await get('/api/webhooks', {}, signal);
  if (data.data.length === 0) return empty({ icon: 'share', title: t.webhooks.none, text: t.webhooks.noneText });
  return h(
    'ul',
    { class: 'list cards' },
    data.data.map((hook) => item(hook, reload, signal)),
  );
}

function item(hook, reload, signal) {
  return h(
    'li',
    { class: 'card stack' },
    h(
      'div',
      { class: 'list-item' },
      h(
        'div',
        { class: 'grow' },
        h('h2', { class: 'item-title break' }, hook.url),
        h(
          'p',
          { class: 'row wrap' },
          h(
            'span',
            { class: hook.is_active ? 'badge good' : 'badge bad' },
            hook.is_active ? t.webhooks.active : t.webhooks.inactive,
          ),
          hook.types.map((type) => h('span', { class: 'badge' }, type)),
        ),
        h(
          'p',
          { class: 'small faint' },
          [t.keys.made(day(hook.created_at)), hook.disabled_reason].filter(Boolean).join(' · '),
        ),
      ),
      h('div', { class: 'row wrap' }, actions(hook, reload)),
    ),
    deliveries(hook, signal),
  );
}

function actions(hook, reload) {
  const test = button(t.webhooks.test, () => busy(test, () => sendTest(hook)), { kind: 'quiet' });
  const toggle = button(
    hook.is_active ? t.webhooks.stop : t.webhooks.start,
    () => busy(toggle, () => setActive(hook, reload)),
    { kind: 'quiet' },
  );
  return [
    test,
    toggle,
    button(t.webhooks.edit, () => edit(hook, reload), { icon: 'edit', kind: 'quiet' }),
    button(t.webhooks.secret, () => newSecret(hook), { icon: 'refresh', kind: 'quiet' }),
    button(t.delete, () => removeHook(hook, reload), { icon: 'trash', kind: 'danger-quiet' }),
  ];
}

async function sendTest(hook) {
  const { data } = await post(`${pathOf(hook)}/test`);
  if (data.error) toast(t.webhooks.testBad(data.error), { kind: 'bad' });
  else toast(t.webhooks.testGood(data.status));
}

async function setActive(hook, reload) {
  await patch(pathOf(hook), { is_active: !hook.is_active });
  await reload();
}

function edit(hook, reload) {
  const boxes = TYPES.map((type) => {
    const box = checkbox([t.webhooks.types[type], ' ', h('code', { class: 'small faint' }, type)], {
      checked: hook ? hook.types.includes(type) : true,
    });
    box.type = type;
    return box;
  });
  // Types that were chosen by a program stay.
  const others = (hook?.types ?? []).filter((type) => !TYPES.includes(type));
  const types = group({
    label: t.webhooks.typesLabel,
    controls: h('div', { class: 'stack tight' }, boxes),
    hint: others.join(', ') || undefined,
  });
  const fields = {
    url: field({
      label: t.webhooks.url,
      control: textInput({ value: hook?.url ?? '', type: 'url', placeholder: 'https://' }),
    }),
    types,
  };
  const body = () => ({
    url: fields.url.input.value.trim(),
    types: [...boxes.filter((box) => box.input.checked).map((box) => box.type), ...others],
  });
  return openDialog({
    title: hook ? t.webhooks.edit : t.webhooks.add,
    body: h('div', { class: 'stack' }, Object.values(fields)),
    onopen: () => fields.url.input.focus(),
    actions: [{ label: t.cancel }, { label: t.save, kind: 'primary', run: () => write(hook, body(), fields, reload) }],
  });
}

async function write(hook, body, fields, reload) {
  try {
    const { data } = hook ? await patch(pathOf(hook), body) : await post('/api/webhooks', body);
    if (!hook) showSecret({ title: t.webhooks.created, text: t.webhooks.createdText, secret: data.secret });
    reload();
    return true;
  } catch (problem) {
    if (!problem.errors?.length) throw problem;
    showErrors(fields, problem).forEach((message) => toast(message, { kind: 'bad' }));
    return false;
  }
}

async function newSecret(hook) {
  const yes = await confirm({ title: t.webhooks.secret, text: t.webhooks.secretText, yes: t.webhooks.secret });
  if (!yes) return;
  try {
    const { data } = await post(`${pathOf(hook)}/secret`);
    showSecret({ title: t.webhooks.secret, text: t.webhooks.createdText, secret: data.secret });
  } catch (problem) {
    showProblem(problem);
  }
}

async function removeHook(hook, reload) {
  const yes = await confirm({ title: t.webhooks.removeTitle, text: hook.url, yes: t.delete, danger: true });
  if (!yes) return;
  try {
    await remove(pathOf(hook));
    reload();
  } catch (problem) {
    showProblem(problem);
  }
}

/** The events that were sent, loaded when they are opened. */
function deliveries(hook, signal) {
  const area = h('div');
  const page = async (cursor) => {
    const { data } = await get(`${pathOf(hook)}/deliveries`, { limit: LIMIT, cursor }, signal);
    return {
      items: data.data.map((delivery) => deliveryItem(hook, delivery)),
      next: data.pagination?.next_cursor ?? null,
    };
  };
  const root = h('details', {}, h('summary', {}, t.webhooks.deliveries), area);
  root.addEventListener('toggle', () => {
    if (root.open)
      load(area, () => paged({ page, none: () => h('p', { class: 'faint' }, t.webhooks.noDeliveries) }), 2);
  });
  return root;
}

/** How the states of deliveries are shown. */
const TONES = { pending: 'warn', delivered: 'good', failed: 'bad' };

function deliveryItem(hook, delivery) {
  const { event, state, attempts, status, milliseconds: time, error, next_attempt_at: next } = delivery;
  const facts = [
    ago(delivery.created_at),
    status,
    time !== null && milliseconds(time),
    attempts > 1 && t.webhooks.attempts(attempts),
    next && t.webhooks.next(ago(next)),
  ];
  const again = button(t.webhooks.again, () => busy(again, () => retry(hook, event.id)), { kind: 'quiet' });
  return h(
    'li',
    { class: 'change' },
    h('span', { class: `badge ${TONES[state]}` }, t.webhooks.states[state] ?? state),
    h(
      'div',
      { class: 'grow' },
      h('p', { class: 'break' }, event.type, ' ', h('span', { class: 'faint' }, event.subject)),
      h('p', { class: 'small faint' }, facts.filter(Boolean).join(' · ')),
      error && h('p', { class: 'small bad-text' }, error),
    ),
    state !== 'delivered' && again,
  );
}

async function retry(hook, id) {
  await post(`${pathOf(hook)}/deliveries/${encodeURIComponent(id)}/retry`);
  toast(t.webhooks.retried);
}
