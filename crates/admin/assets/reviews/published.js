// The published reviews, which can be hidden again.

import { get, patch } from '../core/api.js';
import { h } from '../core/dom.js';
import { busy } from '../core/dialog.js';
import { button } from '../core/heading.js';
import { empty, load, paged } from '../core/states.js';
import { toast } from '../core/toast.js';
import { t } from '../texts.js';
import { reviewContent } from './card.js';

const LIMIT = 20;

export function showPublished(area, signal) {
  const page = async (cursor) => {
    const { data } = await get('/api/reviews', { verified: 'true', limit: LIMIT, cursor }, signal);
    return { items: data.data.map(item), next: data.pagination.next_cursor };
  };
  const none = () => empty({ icon: 'star', title: t.reviews.nonePublished });
  load(area, () => paged({ page, none, className: 'list cards' }));
}

function item(review) {
  const hide = button(t.reviews.hide, () => unpublish(review, root, hide), { icon: 'eye', kind: 'quiet' });
  const root = h('li', { class: 'card review' }, reviewContent(review), h('div', { class: 'row end' }, hide));
  return root;
}

async function unpublish(review, root, hide) {
  const set = (isVerified) => patch(`/api/reviews/${review.id}`, { is_verified: isVerified });
  const answer = await busy(hide, () => set(false));
  if (answer === false) return;
  const place = document.createComment('');
  root.replaceWith(place);
  const undo = async () => {
    await set(true);
    place.replaceWith(root);
  };
  toast(t.reviews.hidden(review.reviewer_name), { undo });
}
