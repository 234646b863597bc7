// A secret that is shown once.

import { h } from '../core/dom.js';
import { openDialog } from '../core/dialog.js';
import { textInput } from '../core/fields.js';
import { button } from '../core/heading.js';
import { announce } from '../core/live.js';
import { t } from '../texts.js';

export function showSecret({ title, text, secret }) {
  const input = textInput({
    value: secret,
    readOnly: true,
    class: 'secret',
    'aria-label': t.secret.label,
    spellcheck: 'false',
  });
  input.addEventListener('focus', () => input.select());
  const copy = button(t.secret.copy, () => copyText(input, copy), { icon: 'copy', kind: 'primary' });
  return openDialog({
    title,
    // The secret would be lost.
    stays: true,
    body: h(
      'div',
      { class: 'stack' },
      h('p', {}, text),
      h('div', { class: 'row' }, h('div', { class: 'grow' }, input), copy),
      h('p', { class: 'notice' }, t.secret.once),
    ),
    actions: [{ label: t.secret.done }],
    onopen: () => input.focus(),
  });
}

async function copyText(input, copy) {
  try {
    await navigator.clipboard.writeText(input.value);
    copy.lastChild.textContent = t.secret.copied;
    announce(t.secret.copied);
  } catch {
    // Without https there is no clipboard; the text is selected, so that Ctrl+C copies it.
    input.focus();
    announce(t.secret.selected);
  }
}
