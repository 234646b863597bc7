// Takes a file in: first a dry run that shows what would happen, then the import itself.

import { fill, h } from '../core/dom.js';
import { busy } from '../core/dialog.js';
import { field, fileInput, segments, select } from '../core/fields.js';
import { bytes } from '../core/format.js';
import { button, linkButton } from '../core/heading.js';
import { icon } from '../core/icons.js';
import { announce } from '../core/live.js';
import { isAbort } from '../core/problem.js';
import { failed } from '../core/states.js';
import { t } from '../texts.js';
import { result } from './result.js';
import { runImport } from './run.js';

const FORMATS = ['auto', 'csv', 'ndjson', 'shopify', 'woocommerce'];
const MODES = ['upsert', 'create', 'update'];
const TYPES = '.csv,.tsv,.txt,.ndjson,.jsonl,text/csv,application/x-ndjson';

export class ImportPanel {
  /**
   * @param {AbortSignal} signal
   * @param {() => void} ended Called after each import and dry run.
   */
  constructor(signal, ended) {
    this.signal = signal;
    this.ended = ended;
    this.isRunning = false;
    this.format = select(
      FORMATS.map((format) => [format, t.files.formats[format]]),
      'auto',
    );
    this.mode = segments({
      label: t.files.mode,
      value: 'upsert',
      choices: MODES.map((mode) => [mode, t.files.modes[mode]]),
    });
    this.area = h('div', { class: 'stack' });
    this.element = h('section', { class: 'card section stack grow' }, h('h2', {}, t.files.importTitle), this.area);
    this.#listenToDrops();
    this.#askForFile();
  }

  /** The first step: choosing a file. */
  #askForFile() {
    const input = fileInput({ accept: TYPES }, ([file]) => this.try(file));
    const choose = button(t.files.choose, () => input.click(), { icon: 'upload', kind: 'primary' });
    fill(
      this.area,
      h('p', {}, t.files.importText),
      h('div', { class: 'field' }, h('span', { class: 'label' }, t.files.mode), this.mode),
      field({ label: t.files.fileFormat, control: this.format }),
      h(
        'div',
        { class: 'drop-zone' },
        h('span', { class: 'empty-icon' }, icon('upload')),
        h('p', {}, t.files.drop),
        choose,
        input,
      ),
      h('details', {}, h('summary', {}, t.files.help), h('p', { class: 'lines' }, t.files.helpText)),
    );
    this.choose = choose;
  }

  /** The second step: a dry run. */
  try(file) {
    return this.#run(file, true);
  }

  /** The third step: the import. */
  import(file) {
    return this.#run(file, false);
  }

  async #run(file, isDry) {
    const controller = new AbortController();
    this.signal.addEventListener('abort', () => controller.abort());
    const progress = progressView(file, isDry, () => controller.abort());
    fill(this.area, progress.element);
    this.isRunning = !isDry;
    try {
      const options = {
        format: this.format.value,
        mode: this.mode.value,
        isDry,
        signal: controller.signal,
        progress: progress.show,
      };
      const done = await runImport(file, options);
      this.#showResult(file, done, isDry);
    } catch (error) {
      if (this.signal.aborted) return;
      if (isAbort(error)) this.#askForFile();
      else
        fill(
          this.area,
          failed(error, () => this.#run(file, isDry)),
          this.#otherFile(),
        );
    } finally {
      this.isRunning = false;
      if (!this.signal.aborted) this.ended();
    }
  }

  #showResult(file, done, isDry) {
    const heading = h('h3', { tabindex: '-1' }, isDry ? t.files.wouldHappen(file.name) : t.files.happened(file.name));
    fill(
      this.area,
      heading,
      result(done, isDry, this.signal),
      h('div', { class: 'row wrap' }, this.#next(file, done, isDry)),
    );
    heading.focus();
    announce(heading.textContent);
  }

  #next(file, done, isDry) {
    const changes = done.created + done.updated;
    if (!isDry) return [this.#otherFile(), linkButton(t.files.toProducts, 'products', { kind: 'primary' })];
    if (done.status !== 'done' || changes === 0) return [this.#otherFile()];
    const go = button(t.files.go(changes), () => busy(go, () => this.import(file)), {
      icon: 'check',
      kind: 'primary',
    });
    return [this.#otherFile(), go];
  }

  #otherFile() {
    const again = () => {
      this.#askForFile();
      this.choose.focus();
    };
    return button(t.files.other, again, { kind: 'quiet' });
  }

  #listenToDrops() {
    const mark = (isOver) => this.element.classList.toggle('dragging', isOver);
    this.element.addEventListener('dragover', (event) => {
      event.preventDefault();
      mark(true);
    });
    this.element.addEventListener('dragleave', () => mark(false));
    this.element.addEventListener('drop', (event) => {
      event.preventDefault();
      mark(false);
      const [file] = event.dataTransfer.files;
      if (file && !this.isRunning) this.try(file);
    });
  }
}

/** Shows how far an upload or an import is. */
function progressView(file, isDry, cancel) {
  const bar = h('progress', { max: 1, 'aria-label': t.files.progress });
  const text = h('p', { role: 'status' });
  const element = h(
    'div',
    { class: 'stack' },
    h('h3', {}, isDry ? t.files.checking(file.name) : t.files.importing(file.name)),
    bar,
    text,
    h('div', {}, button(t.cancel, cancel, { kind: 'quiet' })),
  );
  const show = ({ share, rows, done }) => {
    if (share === undefined) bar.removeAttribute('value');
    else bar.value = share;
    text.textContent = done === undefined ? t.files.uploading(bytes(file.size)) : t.files.rows(done, rows);
  };
  return { element, show };
}
