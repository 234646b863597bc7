// The controls of the form of a product. Each is an element with `read`, `write` and `setError`.

import { fill, h } from '../core/dom.js';
import { checkbox, decimalInput, field, group, select, textInput, wholeInput } from '../core/fields.js';
import { fromLocalInput, readNumber, toLocalInput } from '../core/format.js';

/**
 * @typedef {object} Control
 * @property {HTMLElement} element
 * @property {() => any} read
 * @property {(value: any) => void} write
 * @property {(message: string) => void} setError
 * @property {() => void} focus
 */

/** A control with one input. @returns {Control} */
function single(options, input, read, write) {
  const element = field({ ...options, control: options.wrap?.(input) ?? input });
  return {
    element,
    read: () => read(input),
    write: (value) => write(input, value),
    setError: element.setError,
    focus: () => input.focus(),
  };
}

/** A line of text. An empty one is null if the field may be without one. */
export function text(options, props = {}) {
  const read = (input) => input.value.trim() || (options.isRequired ? '' : null);
  return single(options, textInput(props), read, (input, value) => (input.value = value ?? ''));
}

/** A text of several lines. */
export function longText(options, props = {}) {
  const read = (input) => input.value.trim() || (options.isRequired ? '' : null);
  return single(options, h('textarea', { rows: 4, ...props }), read, (input, value) => (input.value = value ?? ''));
}

/** An amount of money. */
export function price(options) {
  const write = (input, value) => (input.value = typeof value === 'number' ? value.toFixed(2) : (value ?? ''));
  return single(options, decimalInput({ class: 'short' }), (input) => readNumber(input.value), write);
}

/** A number with decimals. */
export function decimal(options) {
  return single(
    options,
    decimalInput({ class: 'short' }),
    (input) => readNumber(input.value),
    (input, value) => (input.value = value ?? ''),
  );
}

/** A whole number. */
export function whole(options) {
  return single(
    options,
    wholeInput({ class: 'short' }),
    (input) => readNumber(input.value),
    (input, value) => (input.value = value ?? ''),
  );
}

/** A choice of a list. */
export function choice(options, choices) {
  return single(
    options,
    select(choices),
    (input) => input.value || null,
    (input, value) => (input.value = value ?? ''),
  );
}

/** A time, in the time zone of this computer. */
export function time(options) {
  const input = h('input', { type: 'datetime-local', max: '9999-12-31T23:59' });
  let written = null;
  // An input shows whole minutes. What was not touched stays as it was, to the microsecond.
  const read = () => (input.value === toLocalInput(written) ? written : fromLocalInput(input.value));
  const write = (_, value) => {
    written = value ?? null;
    input.value = toLocalInput(written);
  };
  return single(options, input, read, write);
}

/** A list with one entry a line. */
export function lines(options) {
  const read = (input) =>
    input.value
      .split('\n')
      .map((line) => line.trim())
      .filter(Boolean);
  return single(options, h('textarea', { rows: 4 }), read, (input, value) => (input.value = (value ?? []).join('\n')));
}

/** Several of a list. The value is sorted, so that the order of the clicks makes no difference. */
export function several(options, choices) {
  const area = h('div', { class: 'checks' });
  const element = group({ ...options, controls: area });
  const boxes = choices.map(([value, label]) => checkbox(label, { value }));
  fill(area, boxes);
  return {
    element,
    read: () =>
      boxes
        .filter((box) => box.input.checked)
        .map((box) => box.input.value)
        .sort(),
    write: (values) => boxes.forEach((box) => (box.input.checked = (values ?? []).includes(box.input.value))),
    setError: element.setError,
    focus: () => boxes[0]?.input.focus(),
  };
}
