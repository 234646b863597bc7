// A review.

import { fill, h, safeUrl } from '../core/dom.js';
import { ago, moment } from '../core/format.js';
import { icon } from '../core/icons.js';
import { href } from '../core/router.js';
import { t } from '../texts.js';

/** The content of a review. */
export function reviewContent(review) {
  return [
    h(
      'header',
      { class: 'review-head' },
      stars(review.rating),
      h('h2', { class: 'item-title' }, review.reviewer_name),
      h(
        'time',
        { datetime: review.created_at, title: moment(review.created_at), class: 'small faint' },
        ago(review.created_at),
      ),
    ),
    review.product && h('p', { class: 'small' }, t.reviews.of, ' ', productLink(review.product)),
    h('p', { class: 'review-text lines' }, review.comment),
    attachments(review),
  ];
}

const productLink = (product) => h('a', { href: href(`products/${encodeURIComponent(product.slug)}`) }, product.name);

/** The stars of a review. */
export function stars(rating) {
  const all = Array.from({ length: 5 }, (_, index) => icon('star', index < rating ? 'icon star full' : 'icon star'));
  return h('span', { class: 'stars', role: 'img', 'aria-label': t.reviews.stars(rating) }, all);
}

/** Pictures of strangers are loaded only on demand: their servers would learn of the visit. */
function attachments({ image_url: image, reviewer_image_url: face, video_url: video }) {
  const links = [
    imageButton(image, t.reviews.picture),
    imageButton(face, t.reviews.face),
    safeUrl(video) && h('a', { href: safeUrl(video), target: '_blank', rel: 'noreferrer noopener' }, t.reviews.video),
  ].filter(Boolean);
  return links.length > 0 && h('div', { class: 'row wrap' }, links);
}

function imageButton(url, label) {
  const source = safeUrl(url);
  if (!source) return null;
  const place = h('span', {});
  const show = () =>
    fill(place, h('img', { class: 'review-picture', src: source, alt: label, referrerpolicy: 'no-referrer' }));
  return fill(place, h('button', { type: 'button', class: 'button quiet', onclick: show }, icon('image'), label));
}
