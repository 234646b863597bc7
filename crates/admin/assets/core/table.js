// Tables of numbers and texts.

import { h } from './dom.js';

/**
 * A table in an area that scrolls where it is wider than the page. The area can be focused, so that the keyboard scrolls it.
 * @param {{ label: string, columns: (string | { title: string, isNumber: boolean })[], body: any, className?: string }} options
 * `body` is a `tbody`, or the rows of one.
 */
export function dataTable({ label, columns, body, className = '' }) {
  const titles = columns.map((column) => {
    const { title, isNumber } = typeof column === 'string' ? { title: column, isNumber: false } : column;
    return h('th', { scope: 'col', class: isNumber ? 'number' : null }, title);
  });
  const rows = body instanceof Element ? body : h('tbody', {}, body);
  const table = h('table', { class: 'table' }, h('thead', {}, h('tr', {}, titles)), rows);
  return h('div', { class: `table-scroll ${className}`, role: 'region', tabindex: '0', 'aria-label': label }, table);
}

/** A column of numbers. */
export const numeric = (title) => ({ title, isNumber: true });
