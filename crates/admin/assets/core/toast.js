// Short messages at the edge of the page, with an undo.

import { fill, h } from './dom.js';
import { icon } from './icons.js';
import { foreground } from './live.js';
import { t } from '../texts.js';
import { isAbort } from './problem.js';

/** How long messages stay, in milliseconds. They stay as long as the pointer or the focus is on them. */
const SHORT = 6_000;
const WITH_UNDO = 12_000;

const list = h('ol', { class: 'toasts', 'aria-live': 'polite', 'aria-label': t.messages });
document.body.append(list);

/** Moves the list to where it can be read and used, and on when the dialog there is closed. */
function place() {
  const there = foreground();
  if (list.parentElement === there) return;
  there.append(list);
  if (there !== document.body) there.addEventListener('close', place, { once: true });
}

/** The undo of each message that is shown, the newest last. */
const undos = [];

/**
 * Shows a message.
 * @param {string} text
 * @param {{ undo?: () => Promise<any>, kind?: 'good' | 'bad', details?: string[], stay?: boolean }} [options]
 */
export function toast(text, { undo, kind = 'good', details = [], stay = false } = {}) {
  const item = h('li', { class: `toast toast-${kind}` });
  const close = () => {
    const hadFocus = item.contains(document.activeElement);
    const next = item.closest('dialog')?.querySelector('button') ?? document.getElementById('main');
    item.remove();
    if (hadFocus) next?.focus({ preventScroll: true });
    forget(run);
  };
  const run = undo && (() => runUndo(undo, close));
  if (run) undos.push(run);
  append(item, { text, kind, details, run, close });
  place();
  list.append(item);
  if (!stay && kind !== 'bad') closeLater(item, undo ? WITH_UNDO : SHORT, close);
  return close;
}

function append(item, { text, kind, details, run, close }) {
  const lines = details.map((line) => h('p', { class: 'small' }, line));
  const undoButton =
    run &&
    h('button', { type: 'button', class: 'toast-action', onclick: run, title: t.undoKeys }, icon('undo'), t.undo);
  fill(
    item,
    h('div', { class: 'toast-text', role: kind === 'bad' && 'alert' }, h('p', {}, text), lines),
    undoButton,
    h('button', { type: 'button', class: 'icon-button', 'aria-label': t.close, onclick: close }, icon('cross')),
  );
}

function closeLater(item, time, close) {
  let timer = setTimeout(close, time);
  const pause = () => clearTimeout(timer);
  const goOn = () => {
    clearTimeout(timer);
    timer = setTimeout(close, time / 2);
  };
  item.addEventListener('pointerenter', pause);
  item.addEventListener('focusin', pause);
  item.addEventListener('pointerleave', goOn);
  item.addEventListener('focusout', goOn);
}

async function runUndo(undo, close) {
  close();
  try {
    await undo();
    toast(t.undone);
  } catch (error) {
    showProblem(error);
  }
}

function forget(run) {
  const index = undos.indexOf(run);
  if (index >= 0) undos.splice(index, 1);
}

/** Shows an error. Those of pages that were left are not shown. */
export function showProblem(error) {
  if (isAbort(error)) return;
  const [first, ...others] = error.sentences ?? [error.message];
  const details = error.requestId ? [...others, t.requestId(error.requestId)] : others;
  toast(first, { kind: 'bad', details });
  if (!error.sentences) console.error(error);
}

// Ctrl+Z undoes what was done last, unless a text is being written.
document.addEventListener('keydown', (event) => {
  const isUndo = (event.ctrlKey || event.metaKey) && !event.shiftKey && event.key.toLowerCase() === 'z';
  if (!isUndo || undos.length === 0 || isEditing(event.target)) return;
  event.preventDefault();
  undos.at(-1)();
});

/** Whether keys write text at this element. */
export function isEditing(element) {
  return element instanceof Element && element.matches('input:not([type=checkbox],[type=radio]), textarea, select');
}
