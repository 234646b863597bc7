// The pictures of a product: adding them by file, drag, paste and camera, their order and their texts.

import { fill, h } from '../core/dom.js';
import { fileInput, group } from '../core/fields.js';
import { button } from '../core/heading.js';
import { announce } from '../core/live.js';
import { t } from '../texts.js';
import { pictureItem, showLarge, uploadItem } from './picture-item.js';
import { makeSortable } from './reorder.js';
import { PICTURES, isPicture, uploadPicture } from './picture-upload.js';

const MOST = 20;

/**
 * @typedef {{ url: string, alt: string, thumbnail: string }} Picture
 */

/** The control of the pictures. `signal` ends its uploads. Who may not write can't add or move any. */
export function picturesControl({ signal, canWrite }) {
  const pictures = new Pictures(signal, canWrite);
  return {
    element: pictures.element,
    read: () => pictures.items.map((picture) => ({ ...picture })),
    write: (items) => pictures.set(items),
    setError: pictures.element.setError,
    focus: () => pictures.element.querySelector('button, input').focus(),
    /** Whether an upload still runs. */
    isBusy: () => pictures.uploads > 0,
  };
}

class Pictures {
  constructor(signal, canWrite) {
    this.signal = signal;
    /** @type {Picture[]} */
    this.items = [];
    this.uploads = 0;
    this.list = h('ol', { class: 'pictures' });
    this.zone = h('div', { class: 'drop-zone' }, this.#inputs());
    this.element = group({
      label: t.fields.pictures,
      className: 'hide-legend',
      hint: t.pictures.hint,
      controls: [this.list, this.zone],
    });
    if (!canWrite) return;
    makeSortable(this.list, (from, to) => this.move(from, to));
    this.#listenToDrops();
    this.#listenToPaste();
  }

  set(items) {
    this.items = items.map((picture) => ({ ...picture }));
    this.draw();
  }

  draw() {
    const last = this.items.length - 1;
    const item = (picture, index) =>
      pictureItem(picture, index, last, {
        move: (to) => this.move(index, to, true),
        remove: () => this.remove(index),
        replace: (file) => this.replace(index, file),
        enlarge: () => showLarge(picture),
        describe: (text) => {
          picture.alt = text;
        },
      });
    const uploads = [...this.list.querySelectorAll('.uploading')];
    const written = this.#writtenDescription();
    fill(this.list, this.items.map(item), uploads);
    if (written) written.restore();
  }

  /** A description can be written while other pictures are uploaded. */
  #writtenDescription() {
    const { activeElement: input } = document;
    const index = [...this.list.children].findIndex((child) => child.contains(input));
    if (index < 0 || input.tagName !== 'TEXTAREA') return null;
    const place = input.selectionStart;
    const restore = () => {
      const again = this.list.children[index]?.querySelector('textarea');
      again?.focus();
      again?.setSelectionRange(place, place);
    };
    return { restore };
  }

  /** Moves a picture, and keeps the focus on it if it was moved by a button. */
  move(from, to, keepsFocus = false) {
    if (to < 0 || to >= this.items.length || from === to) return;
    const [picture] = this.items.splice(from, 1);
    this.items.splice(to, 0, picture);
    this.draw();
    this.#changed();
    announce(t.pictures.moved(to + 1, this.items.length));
    if (keepsFocus) this.#focusMove(to, to > from);
  }

  #focusMove(index, isLater) {
    const item = this.list.children[index];
    const [earlier, later] = ['.move-earlier', '.move-later'].map((name) => item.querySelector(name));
    const wanted = isLater ? later : earlier;
    (wanted.disabled ? (isLater ? earlier : later) : wanted).focus();
  }

  remove(index) {
    this.items.splice(index, 1);
    this.draw();
    this.#changed();
    announce(t.pictures.removed);
    (this.list.children[Math.min(index, this.items.length - 1)] ?? this.zone).querySelector('button, input')?.focus();
  }

  async replace(index, file) {
    const before = this.items[index];
    const { picture, error } = await this.#upload(file);
    this.element.setError(error);
    if (!picture) return;
    // The pictures may have been moved meanwhile.
    const place = this.items.indexOf(before);
    const item = { ...picture, alt: before.alt };
    if (place < 0) this.items.push(item);
    else this.items.splice(place, 1, item);
    this.#drawChanged();
  }

  async add(files) {
    const room = MOST - this.items.length - this.uploads;
    const chosen = [...files].filter(isPicture);
    const errors = [
      chosen.length > room && t.pictures.tooMany(MOST),
      chosen.length < files.length && t.pictures.wrongType,
    ];
    // One after another, so that they keep their order.
    for (const file of chosen.slice(0, Math.max(room, 0))) {
      const { picture, error } = await this.#upload(file);
      errors.push(error);
      if (!picture) continue;
      this.items.push(picture);
      this.#drawChanged();
    }
    this.element.setError(errors.filter(Boolean).join(' '));
  }

  async #upload(file) {
    const item = uploadItem(file);
    this.list.append(item.element);
    this.uploads += 1;
    try {
      return { picture: await uploadPicture(file, { signal: this.signal, progress: item.progress }), error: '' };
    } catch (problem) {
      return { picture: null, error: `${file.name}: ${problem.message}` };
    } finally {
      this.uploads -= 1;
      item.element.remove();
    }
  }

  #drawChanged() {
    this.draw();
    this.#changed();
  }

  #changed() {
    this.element.dispatchEvent(new Event('input', { bubbles: true }));
  }

  #inputs() {
    const choose = fileInput({ accept: PICTURES, multiple: true }, (files) => this.add(files));
    // On phones, `capture` opens the camera at once.
    const camera = fileInput({ accept: PICTURES, capture: 'environment' }, (files) => this.add(files));
    return [
      h('p', {}, t.pictures.drop),
      h(
        'div',
        { class: 'row center wrap' },
        button(t.pictures.choose, () => choose.click(), { icon: 'image' }),
        button(t.pictures.camera, () => camera.click(), { icon: 'camera', kind: 'touch-only' }),
      ),
      choose,
      camera,
    ];
  }

  #listenToDrops() {
    const hasFiles = (event) => [...(event.dataTransfer?.types ?? [])].includes('Files');
    const mark = (isOver) => this.element.classList.toggle('dragging', isOver);
    this.element.addEventListener('dragover', (event) => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      mark(true);
    });
    this.element.addEventListener('dragleave', () => mark(false));
    this.element.addEventListener('drop', (event) => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      mark(false);
      this.add(event.dataTransfer.files);
    });
  }

  /** Takes pictures that are pasted anywhere on the page. */
  #listenToPaste() {
    const onPaste = (event) => {
      const files = [...(event.clipboardData?.files ?? [])].filter(isPicture);
      if (files.length === 0) return;
      event.preventDefault();
      this.element.scrollIntoView({ block: 'nearest' });
      this.add(files);
    };
    document.addEventListener('paste', onPaste, { signal: this.signal });
  }
}
