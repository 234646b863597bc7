// Files of products: taking them in, and giving them out.

import { h } from '../core/dom.js';
import { heading } from '../core/heading.js';
import { can } from '../core/session.js';
import { t } from '../texts.js';
import { exportPanel } from './export.js';
import { ImportPanel } from './import.js';
import { ImportList } from './list.js';

export function show({ main, signal }) {
  const list = can('products:write') ? new ImportList(signal) : null;
  const panel = list && new ImportPanel(signal, () => list.reload());
  main.append(
    heading({ title: t.pages.files, text: t.files.text }),
    h('div', { class: 'columns' }, panel?.element ?? '', can('products:read') ? exportPanel(signal) : ''),
    list?.element ?? '',
  );
  return { hasUnsaved: () => panel?.isRunning ?? false };
}
