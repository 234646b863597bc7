// Edits in the cells of the table.

import { get, patch, post, productPath } from '../core/api.js';
import { h, newId } from '../core/dom.js';
import { amount, money, number, readNumber } from '../core/format.js';
import { announce } from '../core/live.js';
import { isEditing, showProblem, toast } from '../core/toast.js';
import { Problem } from '../core/problem.js';
import { t } from '../texts.js';

/**
 * How the cells of each column are edited: `text` is what the input begins with, `save` writes what was typed and returns
 * the product, or null if nothing has changed.
 */
const EDITORS = {
  price: {
    inputmode: 'decimal',
    text: (product) => amount(product.price),
    save: (product, value) => (value === product.price ? null : savePrice(product, value)),
  },
  stock: {
    inputmode: 'numeric',
    text: (product) => String(product.stock_quantity),
    save: (product, value) => (value === product.stock_quantity ? null : saveStock(product, value)),
  },
};

/**
 * Edits a cell.
 * @param {HTMLElement} cell
 * @param {any} product
 * @param {import('./columns.js').Column} column
 * @param {{ saved: (product: any) => void, next: (step: number) => void }} after `saved` gets the new state, `next` moves on
 * by a number of rows.
 */
export async function editCell(cell, product, column, after) {
  if (column.edit === 'status') return toggleStatus(cell, product, after);
  const editor = EDITORS[column.edit];
  const { input, error } = drawInput(cell, editor, product, column);
  const close = (step) => {
    // The row is drawn anew, with the value that the product has now.
    delete cell.parentElement?.dataset.version;
    // Leaving the input would save what was typed.
    input.readOnly = true;
    input.blur();
    after.saved(null);
    if (step !== null) after.next(step);
  };
  const save = async (step) => {
    if (input.readOnly) return;
    input.readOnly = true;
    try {
      const saved = await editor.save(product, readNumber(input.value));
      // Whoever has gone to another cell meanwhile stays there.
      const isHere = document.activeElement === input;
      if (saved) after.saved(saved);
      close(isHere ? step : null);
    } catch (problem) {
      input.readOnly = false;
      refuse(input, error, problem);
    }
  };
  listen(input, { save, close });
}

function drawInput(cell, editor, product, column) {
  const errorId = newId('error');
  const input = h('input', {
    class: 'cell-input',
    type: 'text',
    inputmode: editor.inputmode,
    autocomplete: 'off',
    value: editor.text(product),
    'aria-label': t.products.editing(t.columns[column.id], product.title),
    'aria-describedby': errorId,
    enterkeyhint: 'done',
  });
  const error = h('span', { class: 'cell-error', id: errorId, role: 'alert' });
  // What was wrong may be right now.
  input.addEventListener('input', () => {
    input.removeAttribute('aria-invalid');
    error.textContent = '';
  });
  cell.replaceChildren(input, error);
  input.focus();
  input.select();
  return { input, error };
}

/** Enter saves and goes to the next row, Tab and leaving save, Escape leaves all as it was. */
function listen(input, { save, close }) {
  let isDone = false;
  const once =
    (run) =>
    (...values) => {
      if (isDone) return;
      isDone = true;
      run(...values);
    };
  const leave = once(close);
  input.addEventListener('keydown', (event) => {
    if (event.key === 'Enter') save(event.shiftKey ? -1 : 1);
    else if (event.key === 'Escape') leave(0);
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
  input.addEventListener('blur', () => {
    if (!input.readOnly && input.isConnected && !input.getAttribute('aria-invalid')) save(null);
  });
}

function refuse(input, error, problem) {
  // The row may have been drawn anew, without the input.
  if (!input.isConnected || !(problem instanceof Problem)) return showProblem(problem);
  error.textContent = problem.sentences.join(' ');
  input.setAttribute('aria-invalid', 'true');
  if (!isEditing(document.activeElement)) input.focus();
}

async function toggleStatus(cell, product, after) {
  const button = cell.querySelector('button');
  if (button.getAttribute('aria-disabled') === 'true') return;
  button.setAttribute('aria-disabled', 'true');
  try {
    const saved = await saveField(product, { is_active: !product.is_active });
    after.saved(saved);
    const text = saved.is_active ? t.products.nowActive(saved.title) : t.products.nowInactive(saved.title);
    const undo = async () => after.saved(await saveField(saved, { is_active: !saved.is_active }));
    toast(text, { undo });
  } catch (problem) {
    showProblem(problem);
  } finally {
    button.removeAttribute('aria-disabled');
  }
}

async function savePrice(product, price) {
  const saved = await saveField(product, { price });
  announce(t.saved);
  const undo = async () => rowChanged(await saveField(saved, { price: product.price }));
  toast(t.products.priceSaved(saved.title, money(saved.price)), { undo });
  return saved;
}

/** What to call after an undo; the table sets it. */
let rowChanged = () => {};

/** Sets what is called with a product whose change was undone. */
export function whenUndone(callback) {
  rowChanged = callback;
}

/** Writes fields of a product, unless somebody else has changed it since the table was loaded. */
async function saveField(product, changes) {
  const { data: current, etag } = await get(productPath(product.slug));
  const names = Object.keys(changes);
  const changed = names.find((name) => current[name] !== product[name]);
  if (changed) {
    rowChanged(current);
    throw new Problem({ detail: t.products.changedMeanwhile(String(current[changed])) });
  }
  const { data } = await patch(productPath(product.slug), changes, { ifMatch: etag });
  return data;
}

async function saveStock(product, set) {
  const before = product.stock_quantity;
  const saved = await moveStock(product, { set, expected: before });
  const undo = async () => rowChanged(await moveStock(saved, { change: before - set }));
  toast(t.products.stockSaved(product.title, number(saved.stock_quantity)), { undo });
  return saved;
}

async function moveStock(product, change) {
  try {
    await post(`${productPath(product.slug)}/stock`, { ...change, reason: 'correction' });
  } catch (problem) {
    if (problem.code === 'stock-changed') {
      rowChanged({ ...product, stock_quantity: problem.body.available });
      problem.message = t.products.stockMeanwhile(number(problem.body.available));
    }
    throw problem;
  }
  const { data } = await get(productPath(product.slug));
  return data;
}
