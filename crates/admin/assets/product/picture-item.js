// One picture of the form: its preview, its text, and what can be done with it.

import { h, picture as shownPicture, safeUrl, setVariables } from '../core/dom.js';
import { openDialog } from '../core/dialog.js';
import { fileInput } from '../core/fields.js';
import { percent } from '../core/format.js';
import { iconButton } from '../core/heading.js';
import { icon } from '../core/icons.js';
import { t } from '../texts.js';
import { PICTURES } from './picture-upload.js';

/**
 * @param {import('./pictures.js').Picture} picture
 * @param {number} index
 * @param {number} last The index of the last picture.
 * @param {{ move: (to: number) => void, remove: () => void, replace: (file: File) => void, enlarge: () => void, describe: (text: string) => void }} actions
 */
export function pictureItem(picture, index, last, actions) {
  const file = fileInput({ accept: PICTURES }, ([chosen]) => actions.replace(chosen));
  const number = index + 1;
  return h(
    'li',
    { class: 'picture' },
    h(
      'button',
      {
        type: 'button',
        class: 'picture-frame',
        'aria-label': t.pictures.enlarge(number),
        onclick: actions.enlarge,
      },
      shownPicture(picture.thumbnail, picture.alt, 'picture-image'),
    ),
    index === 0 && h('span', { class: 'badge accent picture-main' }, t.pictures.main),
    h('span', { class: 'drag-handle', title: t.pictures.drag, 'aria-hidden': 'true' }, icon('grip')),
    description(picture, number, actions.describe),
    h(
      'div',
      { class: 'row picture-actions' },
      iconButton('left', t.pictures.earlier(number), () => actions.move(index - 1), {
        class: 'icon-button move-earlier',
        disabled: index === 0,
      }),
      iconButton('right', t.pictures.later(number), () => actions.move(index + 1), {
        class: 'icon-button move-later',
        disabled: index === last,
      }),
      iconButton('refresh', t.pictures.replace(number), () => file.click()),
      iconButton('trash', t.pictures.remove(number), actions.remove),
    ),
    file,
  );
}

function description(picture, number, describe) {
  const input = h('textarea', {
    rows: 2,
    value: picture.alt,
    maxlength: 512,
    placeholder: t.pictures.altHint,
    'aria-label': t.pictures.alt(number),
  });
  input.addEventListener('input', () => describe(input.value));
  return input;
}

/** A picture that is being uploaded. */
export function uploadItem(file) {
  const url = file.type.startsWith('image/') ? URL.createObjectURL(file) : null;
  const bar = h('progress', { max: 1, value: 0, 'aria-label': t.pictures.uploading(file.name) });
  const text = h('span', { class: 'small' }, t.pictures.uploading(file.name));
  const element = h(
    'li',
    { class: 'picture uploading' },
    h('div', { class: 'picture-frame' }, shownPicture(url, '', 'picture-image')),
    text,
    bar,
  );
  const progress = (share) => {
    bar.value = share;
    text.textContent = share < 1 ? percent(share) : t.pictures.storing;
    setVariables(element, { '--share': share });
  };
  return { element, progress };
}

/** Shows a picture as large as the window. */
export function showLarge(picture) {
  const url = safeUrl(picture.url);
  const link = url && h('a', { href: url, target: '_blank', rel: 'noreferrer' }, t.pictures.original);
  return openDialog({
    title: picture.alt || t.pictures.noAlt,
    wide: true,
    body: h('div', { class: 'stack' }, url && h('img', { class: 'large-picture', src: url, alt: picture.alt }), link),
  });
}
