// Plots, drawn in SVG as wide as their place, each with its numbers as a table.

import { fill, h, svg } from '../core/dom.js';
import { day, moment } from '../core/format.js';
import { dataTable, numeric } from '../core/table.js';
import { t } from '../texts.js';

const HEIGHT = 220;
const MARGIN = { top: 12, right: 12, bottom: 28, left: 52 };

/**
 * @typedef {object} Series
 * @property {string} name
 * @property {(point: any) => number} value
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
  [label(plot, point), ...plot.series.map((series) => `${series.name} ${plot.format(series.value(point))}`)].join(
    ' · ',
  );

const label = (plot, point) => point.label ?? (plot.isBars ? day(point.at) : moment(point.at));

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
const dateText = (time) => new Date(time).toLocaleDateString('en-GB', { day: 'numeric', month: 'short' });

/** As many labels of bars as have place. */
function barLabels(plot, scale) {
  const step = Math.ceil(plot.points.length / mostLabels(scale));
  const text = (point) => point.label ?? dateText(point.at);
  return plot.points.map((point, index) => index % step === 0 && labelAt(text(point), scale.x(index), 'middle'));
}

/** Times at equal distances; of less than two days with the hour. */
function timeLabels(plot, scale) {
  const [first, last] = spanOf(plot);
  const count = Math.min(mostLabels(scale), 5);
  const isShort = last - first < 2 * 24 * 60 * 60 * 1000;
  const text = (time) =>
    isShort ? time.toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' }) : dateText(time);
  return Array.from({ length: count }, (_, index) => {
    const share = index / (count - 1);
    const x = MARGIN.left + share * (scale.width - MARGIN.left - MARGIN.right);
    const anchor = index === 0 ? 'start' : index === count - 1 ? 'end' : 'middle';
    return labelAt(text(new Date(Number(first) + share * (last - first))), x, anchor);
  });
}

function line(plot, series, scale) {
  const place = (point, index) => [scale.x(index), scale.y(series.value(point))].map((value) => value.toFixed(1));
  const path = plot.points.map((point, index) => {
    const [x, y] = place(point, index);
    if (index === 0) return `M${x} ${y}`;
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
    plot.series.map((series) => h('td', { class: 'number' }, plot.format(series.value(point))));
  const rows = plot.points.map((point) => h('tr', {}, h('th', { scope: 'row' }, label(plot, point)), numbers(point)));
  return h('details', {}, h('summary', {}, t.metrics.table), dataTable({ label: plot.title, columns, body: rows }));
}
