// Dialogs. The browser's own dialog keeps the focus inside and closes by Escape.

import { h, newId } from './dom.js';
import { icon } from './icons.js';
import { t } from '../texts.js';
import { showProblem } from './toast.js';

/**
 * @typedef {object} Action
 * @property {string} label
 * @property {any} [value] What the dialog is closed with.
 * @property {'primary' | 'danger' | 'quiet'} [kind]
 * @property {() => Promise<any>} [run] Runs before the dialog closes; returning false keeps it open.
 */

/** What closes each dialog that another page closes. */
const leaving = new Set();

/** Closes the dialogs of a page that is left, as if they were cancelled. */
export function closeDialogs() {
  for (const close of [...leaving].reverse()) close();
}

/**
 * Opens a dialog and returns what it is closed with: the value of an action, or undefined.
 * @param {{ title: string, body: any, actions?: Action[], wide?: boolean, stays?: boolean, onopen?: (dialog: any) => void }} options
 * `stays`: another page does not close it.
 */
export function openDialog({ title, body, actions = [], wide = false, stays = false, onopen }) {
  const heading = newId('dialog');
  const dialog = h('dialog', { class: wide ? 'dialog wide' : 'dialog', 'aria-labelledby': heading });
  const opener = document.activeElement;
  return new Promise((resolve) => {
    let result;
    const close = (value) => {
      if (!dialog.open) return;
      result = value;
      dialog.close();
    };
    dialog.append(
      h('header', { class: 'dialog-head' }, h('h2', { id: heading }, title), closeButton(close)),
      h('div', { class: 'dialog-body' }, body),
      (actions.length > 0 &&
        h(
          'footer',
          { class: 'dialog-foot' },
          actions.map((action) => actionButton(action, close)),
        )) ||
        '',
    );
    dialog.addEventListener('close', () => {
      dialog.remove();
      leaving.delete(close);
      const isLost = !opener?.isConnected && document.activeElement === document.body;
      if (isLost) document.getElementById('main')?.focus({ preventScroll: true });
      resolve(result);
    });
    document.body.append(dialog);
    dialog.showModal();
    if (!stays) leaving.add(close);
    onopen?.({ dialog, close });
  });
}

function closeButton(close) {
  return h(
    'button',
    { type: 'button', class: 'icon-button', 'aria-label': t.close, onclick: () => close() },
    icon('cross'),
  );
}

function actionButton(action, close) {
  const kind = action.kind ?? 'quiet';
  const button = h('button', { type: 'button', class: `button ${kind}` }, action.label);
  button.addEventListener('click', () => perform(button, action, close));
  return button;
}

async function perform(button, action, close) {
  if (!action.run) return close(action.value);
  const done = await busy(button, action.run);
  if (done !== false) close(done ?? action.value);
}

/** Runs a function while a button is busy. An error is shown, and gives false. */
export async function busy(button, run) {
  if (button.getAttribute('aria-disabled') === 'true') return false;
  // A disabled button would lose the focus.
  button.setAttribute('aria-disabled', 'true');
  button.classList.add('busy');
  try {
    return await run();
  } catch (error) {
    showProblem(error);
    return false;
  } finally {
    button.removeAttribute('aria-disabled');
    button.classList.remove('busy');
  }
}

/** Asks a question, and returns whether the answer is yes. */
export async function confirm({ title, text, yes, danger = false }) {
  const answer = await openDialog({
    title,
    body: h('p', {}, text),
    actions: [
      { label: t.cancel, value: false },
      { label: yes, value: true, kind: danger ? 'danger' : 'primary' },
    ],
  });
  return answer === true;
}
