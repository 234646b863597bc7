// A picture as large as the window.

import { h, safeUrl } from '../core/dom.js';
import { openDialog } from '../core/dialog.js';
import { t } from '../texts.js';

export function showLarge(picture) {
  const url = safeUrl(picture.url);
  const link = url && h('a', { href: url, target: '_blank', rel: 'noreferrer' }, t.pictures.original);
  return openDialog({
    title: picture.alt || t.pictures.noAlt,
    wide: true,
    body: h('div', { class: 'stack' }, url && h('img', { class: 'large-picture', src: url, alt: picture.alt }), link),
  });
}
