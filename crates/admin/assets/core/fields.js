// Fields of forms: a label, a control, a hint and an error.

import { fill, h, newId } from './dom.js';
import { icon } from './icons.js';

/**
 * A field. `setError` shows what is wrong with it, or nothing.
 * @param {{ label: any, control: any, hint?: any, className?: string, after?: any }} options
 */
export function field({ label, control, hint, className = '', after }) {
  const input = control.matches('input, select, textarea') ? control : control.querySelector('input, select, textarea');
  if (!input.id) input.id = newId('field');
  const hintId = newId('hint');
  const errorId = newId('error');
  const error = h('p', { class: 'field-error', id: errorId, hidden: true });
  input.setAttribute('aria-describedby', hint ? `${hintId} ${errorId}` : errorId);
  const root = h(
    'div',
    { class: `field ${className}` },
    h('label', { for: input.id }, label),
    control,
    after,
    hint && h('p', { class: 'hint', id: hintId }, hint),
    error,
  );
  root.input = input;
  root.setError = (message) => setError(error, input, message);
  return root;
}

/** A group of controls with a name, such as checkboxes. */
export function group({ label, controls, hint, className = '' }) {
  const errorId = newId('error');
  const error = h('p', { class: 'field-error', id: errorId, hidden: true });
  const root = h(
    'fieldset',
    { class: `field group ${className}`, 'aria-describedby': errorId },
    h('legend', {}, label),
    hint && h('p', { class: 'hint' }, hint),
    controls,
    error,
  );
  root.setError = (message) => setError(error, root, message);
  return root;
}

function setError(error, input, message) {
  error.hidden = !message;
  fill(error, message && [icon('warning', 'icon small-icon'), message]);
  if (message) input.setAttribute('aria-invalid', 'true');
  else input.removeAttribute('aria-invalid');
}

export const textInput = (props = {}) => h('input', { type: 'text', autocomplete: 'off', ...props });
export const decimalInput = (props = {}) => textInput({ inputmode: 'decimal', ...props });
export const wholeInput = (props = {}) => textInput({ inputmode: 'numeric', ...props });

/** A list of choices: pairs of a value and its text. */
export function select(choices, value, props = {}) {
  const options = choices.map(([key, text]) => h('option', { value: key, selected: key === value }, text));
  return h('select', props, options);
}

/** A checkbox with its text. */
export function checkbox(label, props = {}) {
  const input = h('input', { type: 'checkbox', ...props });
  const root = h('label', { class: 'check' }, input, h('span', {}, label));
  root.input = input;
  return root;
}

/** Radio buttons that look like one control. `onchange` gets the value. */
export function segments({ label, choices, value, onchange, className = '' }) {
  const name = newId('segments');
  const buttons = choices.map(([key, text]) => {
    const input = h('input', { type: 'radio', name, value: key, checked: key === value });
    input.addEventListener('change', () => onchange?.(key));
    return h('label', { class: 'segment' }, input, h('span', {}, text));
  });
  const root = h('div', { class: `segments ${className}`, role: 'radiogroup', 'aria-label': label }, buttons);
  Object.defineProperty(root, 'value', {
    get: () => root.querySelector('input:checked')?.value,
    set: (key) => root.querySelectorAll('input').forEach((input) => (input.checked = input.value === key)),
  });
  return root;
}

/** Shows the errors of a problem at the fields of a small form. Returns those that have no field. */
export function showErrors(fields, problem) {
  for (const one of Object.values(fields)) one.setError('');
  const others = [];
  for (const { field: name, message } of problem.errors) {
    const target = fields[name] ?? fields[name.split(/[.[]/)[0]];
    if (target) target.setError(message);
    else others.push(message);
  }
  const first = Object.values(fields).find(
    (one) => one.querySelector('[aria-invalid]') || one.matches('[aria-invalid]'),
  );
  (first?.input ?? first?.querySelector('input, select, textarea'))?.focus();
  return others;
}

/** A hidden input for files, which a button opens. */
export function fileInput(props, take) {
  const input = h('input', { type: 'file', hidden: true, ...props });
  input.addEventListener('change', () => {
    const files = [...input.files];
    // The same file can be chosen again.
    input.value = '';
    if (files.length > 0) take(files);
  });
  return input;
}
