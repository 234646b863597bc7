// The categories: their names, addresses and descriptions.

import { call, get } from '../core/api.js';
import { fill, h } from '../core/dom.js';
import { confirm, openDialog } from '../core/dialog.js';
import { checkbox, field, showErrors, textInput } from '../core/fields.js';
import { button, heading, iconButton } from '../core/heading.js';
import { href } from '../core/router.js';
import { can } from '../core/session.js';
import { empty, load } from '../core/states.js';
import { showProblem, toast } from '../core/toast.js';
import { t } from '../texts.js';

export function show({ main, signal }) {
  const area = h('div');
  const reload = () => load(area, () => list(reload, signal));
  const add = button(t.categories.add, () => edit(null, reload), { icon: 'plus', kind: 'primary' });
  fill(main, heading({ title: t.pages.categories, text: t.categories.text, actions: [add] }), area);
  return void reload();
}

async function list(reload, signal) {
  const { data } = await get('/api/categories', { status: can('products:read') ? 'all' : '' }, signal);
  if (data.data.length === 0) return empty({ icon: 'tag', title: t.categories.none, text: t.categories.noneText });
  return h(
    'ul',
    { class: 'list cards' },
    data.data.map((category) => item(category, reload)),
  );
}

function item(category, reload) {
  return h(
    'li',
    { class: 'card list-item' },
    h(
      'div',
      { class: 'grow' },
      h(
        'h2',
        { class: 'item-title' },
        category.name,
        !category.is_active && h('span', { class: 'badge' }, t.products.inactive),
      ),
      h('p', { class: 'small faint' }, category.slug),
      category.description && h('p', {}, category.description),
    ),
    h('a', { class: 'button quiet', href: href(`products?category=${category.slug}`) }, t.categories.products),
    iconButton('edit', t.categories.edit(category.name), () => edit(category, reload)),
    iconButton('trash', t.categories.remove(category.name), () => remove(category, reload)),
  );
}

/** Edits a category, or a new one. */
function edit(category, reload) {
  const active = checkbox(t.categories.active, { checked: category?.is_active ?? true });
  const fields = {
    name: field({ label: t.categories.name, control: textInput({ value: category?.name ?? '', required: true }) }),
    slug: field({
      label: t.categories.slug,
      control: textInput({ value: category?.slug ?? '' }),
      hint: t.categories.slugHint,
    }),
    description: field({
      label: t.categories.description,
      control: h('textarea', { rows: 3, value: category?.description ?? '' }),
    }),
  };
  const save = () => write(category, { fields, active }, reload);
  return openDialog({
    title: category ? t.categories.edit(category.name) : t.categories.add,
    body: h('div', { class: 'stack' }, Object.values(fields), active),
    onopen: () => fields.name.input.focus(),
    actions: [{ label: t.cancel }, { label: t.save, kind: 'primary', run: save }],
  });
}

async function write(category, { fields, active }, reload) {
  const value = (name) => fields[name].input.value.trim();
  const body = { name: value('name'), description: value('description') || null, is_active: active.input.checked };
  if (value('slug')) body.slug = value('slug');
  const [method, path] = category ? ['PUT', pathOf(category)] : ['POST', '/api/categories'];
  try {
    await call(method, path, { body });
  } catch (problem) {
    if (!problem.errors?.length) throw problem;
    showErrors(fields, problem).forEach((message) => toast(message, { kind: 'bad' }));
    return false;
  }
  toast(t.categories.saved(body.name));
  await reload();
  return true;
}

const pathOf = (category) => `/api/categories/${encodeURIComponent(category.slug)}`;

async function remove(category, reload) {
  const yes = await confirm({
    title: t.categories.remove(category.name),
    text: t.categories.removeText,
    yes: t.delete,
    danger: true,
  });
  if (!yes) return;
  try {
    await call('DELETE', pathOf(category));
    toast(t.categories.removed(category.name));
    await reload();
  } catch (problem) {
    showProblem(problem);
  }
}
