// Reviews: the queue, one by one, and those that are published.

import { h } from '../core/dom.js';
import { segments } from '../core/fields.js';
import { heading } from '../core/heading.js';
import { t } from '../texts.js';
import { showModeration } from './moderation.js';
import { showPublished } from './published.js';

export function show({ main, signal }) {
  const area = h('div');
  const open = (view) => {
    controller.abort();
    controller = new AbortController();
    signal.addEventListener('abort', () => controller.abort());
    (view === 'waiting' ? showModeration : showPublished)(area, controller.signal);
  };
  let controller = new AbortController();
  const choice = segments({
    label: t.pages.reviews,
    value: 'waiting',
    choices: [
      ['waiting', t.reviews.waiting],
      ['published', t.reviews.published],
    ],
    onchange: open,
  });
  main.append(heading({ title: t.pages.reviews, actions: [choice] }), area);
  open('waiting');
}
