// Plots, drawn in SVG as wide as their place, each with its numbers as a table.

import { fill, h, svg } from '../core/dom.js';
import { moment } from '../core/format.js';
import { dataTable, numeric } from '../core/table.js';
import { t } from '../texts.js';

const HEIGHT = 220;
const MARGIN = { top: 12, right: 12, bottom: 28, left: 52 };

/**
 * @typedef {object} Series
 * @property {string} name
 * @property {(point: any) => number | null} value Null where there is none: a line has a gap there.
 * @property {'one' | 'two' | 'three' | 'bad'} tone
 */

/**
 * @typedef {object} Plot
 * @property {string} title
 * @property {any[]} points By time; each has `at`.
 * @property {Series[]} series
 * @property {(value: number) => string} format
 * @property {boolean} [isStepped] Whether values hold until the next point.
 */

/** Lines over time. @param {Plot} plot */
export function lines(plot) {
  return figure(plot, (scale) => plot.series.map((series) => line(plot, series, scale)));
}

/** Bars over time, one series upon the other. @param {Plot} plot */
export function bars(plot) {
  const total = (point) => plot.series.reduce((sum, series) => sum + series.value(point), 0);
  return figure({ ...plot, isBars: true, highest: Math.max(...plot.points.map(total)) }, (scale) =>
    plot.points.map((point, index) => stack(plot, point, index, scale)),
  );
}

function figure(plot, draw) {
  const area = h('div', { class: 'plot-area' });
  const readout = h('p', { class: 'small faint plot-readout' });
  const root = h(
    'figure',
    { class: 'plot' },
    h('figcaption', {}, h('strong', {}, plot.title), legend(plot)),
    area,
    readout,
    table(plot),
  );
  const observer = new ResizeObserver(([{ contentRect }]) => {
    if (!root.isConnected) observer.disconnect();
    else if (contentRect.width > 0) fill(area, drawing(plot, contentRect.width, draw, readout));
  });
  observer.observe(area);
  return root;
}

function drawing(plot, width, draw, readout) {
  const scale = scaleOf(plot, width);
  const root = svg(
    'svg',
    { viewBox: `0 0 ${width} ${HEIGHT}`, width, height: HEIGHT, 'aria-hidden': 'true' },
    grid(plot, scale),
    draw(scale),
  );
  root.addEventListener('pointermove', (event) => {
    const x = event.clientX - root.getBoundingClientRect().left;
    const nearest = plot.points.reduce(
      (best, point, index) => (Math.abs(scale.x(index) - x) < Math.abs(scale.x(best) - x) ? index : best),
      0,
    );
    readout.textContent = describe(plot, plot.points[nearest]);
  });
  root.addEventListener('pointerleave', () => (readout.textContent = ''));
  return root;
}

const describe = (plot, point) =>
  [label(plot, point), ...plot.series.map((series) => `${series.name} ${textOf(plot, series, point)}`)].join(' · ');

function textOf(plot, series, point) {
  const value = series.value(point);
  return value === null ? '–' : plot.format(value);
}

const DAY = 24 * 60 * 60 * 1000;

/** Whether each point is a day, which begins and ends in UTC. */
const isDaily = ({ points: [first, second] }) => second && new Date(second.at) - new Date(first.at) === DAY;

function label(plot, { at }) {
  if (!isDaily(plot)) return moment(at);
  return new Date(at).toLocaleDateString('en-GB', { dateStyle: 'medium', timeZone: 'UTC' });
}

/** How values and points become places. */
function scaleOf(plot, width) {
  const highest =
    plot.highest ?? Math.max(...plot.points.flatMap((point) => plot.series.map((series) => series.value(point))));
  const top = niceTop(highest);
  const inner = width - MARGIN.left - MARGIN.right;
  const slot = inner / plot.points.length;
  const [first, last] = spanOf(plot);
  const share = (index) => (new Date(plot.points[index].at) - first) / Math.max(last - first, 1);
  return {
    top,
    slot,
    width,
    x: (index) => MARGIN.left + (plot.isBars ? (index + 0.5) * slot : share(index) * inner),
    y: (value) => HEIGHT - MARGIN.bottom - (value / top) * (HEIGHT - MARGIN.top - MARGIN.bottom),
  };
}

const spanOf = ({ points }) => [new Date(points[0].at), new Date(points.at(-1).at)];

/** The next of 1, 2, 5, 10, 20 and so on. */
function niceTop(value) {
  if (!(value > 0)) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  return [1, 2, 5, 10].map((factor) => factor * power).find((top) => top >= value);
}

function grid(plot, scale) {
  const values = [0, scale.top / 2, scale.top];
  const rows = values.map((value) => [
    svg('line', {
      class: 'plot-line',
      x1: MARGIN.left,
      x2: scale.width - MARGIN.right,
      y1: scale.y(value),
      y2: scale.y(value),
    }),
    svg(
      'text',
      { class: 'plot-text', x: MARGIN.left - 8, y: scale.y(value) + 4, 'text-anchor': 'end' },
      plot.format(value),
    ),
  ]);
  return [rows, plot.isBars ? barLabels(plot, scale) : timeLabels(plot, scale)];
}

const labelAt = (text, x, anchor) => svg('text', { class: 'plot-text', x, y: HEIGHT - 8, 'text-anchor': anchor }, text);
const mostLabels = (scale) => Math.max(Math.floor(scale.width / 110), 2);

/** Texts for times: of less than two days the hours, else the days. */
function timeTextOf(plot) {
  const [first, last] = spanOf(plot);
  if (last - first < 2 * DAY) {
    return (time) => time.toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' });
  }
  const timeZone = isDaily(plot) ? 'UTC' : undefined;
  return (time) => time.toLocaleDateString('en-GB', { day: 'numeric', month: 'short', timeZone });
}

/** As many labels of bars as have place. */
function barLabels(plot, scale) {
  const step = Math.ceil(plot.points.length / mostLabels(scale));
  const text = timeTextOf(plot);
  return plot.points.map(
    (point, index) => index % step === 0 && labelAt(text(new Date(point.at)), scale.x(index), 'middle'),
  );
}

/** Times at equal distances. */
function timeLabels(plot, scale) {
  const [first, last] = spanOf(plot);
  const count = Math.min(mostLabels(scale), 5);
  const text = timeTextOf(plot);
  return Array.from({ length: count }, (_, index) => {
    const share = index / (count - 1);
    const x = MARGIN.left + share * (scale.width - MARGIN.left - MARGIN.right);
    const anchor = index === 0 ? 'start' : index === count - 1 ? 'end' : 'middle';
    return labelAt(text(new Date(Number(first) + share * (last - first))), x, anchor);
  });
}

function line(plot, series, scale) {
  let isOpen = false;
  const path = plot.points.map((point, index) => {
    const value = series.value(point);
    const isFirst = !isOpen;
    isOpen = value !== null;
    if (!isOpen) return '';
    const [x, y] = [scale.x(index), scale.y(value)].map((number) => number.toFixed(1));
    // A point between two gaps is a dot, which a line without length is.
    if (isFirst) return `M${x} ${y}h0`;
    return plot.isStepped ? `H${x}V${y}` : `L${x} ${y}`;
  });
  return svg('path', { class: `plot-path tone-${series.tone}`, d: path.join('') });
}

function stack(plot, point, index, scale) {
  const width = Math.min(scale.slot * 0.7, 56);
  let below = 0;
  return plot.series.map((series) => {
    const value = series.value(point);
    const bottom = scale.y(below);
    below += value;
    const top = scale.y(below);
    return svg('rect', {
      class: `plot-bar tone-${series.tone}`,
      x: scale.x(index) - width / 2,
      y: top,
      width,
      height: Math.max(bottom - top, 0),
      rx: 2,
    });
  });
}

function legend(plot) {
  if (plot.series.length < 2) return null;
  const one = (series) => h('li', {}, h('span', { class: `swatch tone-${series.tone}` }), series.name);
  return h('ul', { class: 'legend' }, plot.series.map(one));
}

/** The numbers of a plot, for those who can't see it. */
function table(plot) {
  const columns = [t.metrics.time, ...plot.series.map((series) => numeric(series.name))];
  const numbers = (point) =>
    plot.series.map((series) => h('td', { class: 'number' }, textOf(plot, series, point)));
  const rows = plot.points.map((point) => h('tr', {}, h('th', { scope: 'row' }, label(plot, point)), numbers(point)));
  return h('details', {}, h('summary', {}, t.metrics.table), dataTable({ label: plot.title, columns, body: rows }));
}
