// How requests went: how many, how many failed, how long they took, and which routes are slow.

import { get } from '../core/api.js';
import { h, svg } from '../core/dom.js';
import { segments } from '../core/fields.js';
import { milliseconds, number, percent } from '../core/format.js';
import { heading } from '../core/heading.js';
import { empty, load } from '../core/states.js';
import { dataTable, numeric } from '../core/table.js';
import { t } from '../texts.js';
import { bars, lines } from './plots.js';

/** The periods, in days. */
const PERIODS = [1, 7, 30, 90];
/** How many slow routes are shown. */
const SLOWEST = 10;
/** The least width of a bar, in percent of the longest. */
const LEAST = 0.5;

export function show({ main, signal }) {
  const area = h('div', { class: 'stack' });
  const open = (days) => load(area, () => metrics(days, signal), 5);
  const choice = segments({
    label: t.metrics.period,
    value: '7',
    choices: PERIODS.map((days) => [String(days), t.metrics.days(days)]),
    onchange: open,
  });
  main.append(heading({ title: t.pages.metrics, text: t.metrics.text, actions: [choice] }), area);
  return void open('7');
}

async function metrics(days, signal) {
  const { data: summary } = await get('/api/metrics', { days }, signal);
  if (summary.endpoints.length === 0) return empty({ icon: 'chart', title: t.metrics.none, text: t.metrics.noneText });
  return [tiles(summary), plots(summary.series), slowest(summary.endpoints), routes(summary.endpoints)];
}

const totals = ({ endpoints }) => ({
  total_requests: endpoints.reduce((sum, route) => sum + route.total_requests, 0),
  error_count: endpoints.reduce((sum, route) => sum + route.error_count, 0),
});

function tiles(summary) {
  const { total_requests: requests, error_count: errors } = totals(summary);
  const { hits, misses } = summary.cache;
  const busiest = summary.endpoints[0];
  const time =
    summary.endpoints.reduce((sum, route) => sum + route.avg_response_time * route.total_requests, 0) / requests;
  const tile = (label, value, note) =>
    h(
      'div',
      { class: 'card tile' },
      h('p', { class: 'small faint' }, label),
      h('p', { class: 'tile-value' }, value),
      h('p', { class: 'small faint' }, note),
    );
  return h(
    'div',
    { class: 'tiles' },
    tile(t.metrics.requests, number(requests), t.metrics.busiest(`${busiest.method} ${busiest.endpoint}`)),
    tile(t.metrics.errors, percent(errors / requests), t.metrics.errorsNote(number(errors))),
    tile(t.metrics.average, milliseconds(time), t.metrics.averageNote),
    tile(t.metrics.cache, percent(hits / Math.max(hits + misses, 1)), t.metrics.cacheNote),
  );
}

function plots(points) {
  const requests = bars({
    title: t.metrics.requestsPlot,
    points,
    format: number,
    series: [
      { name: t.metrics.succeeded, value: (point) => point.total_requests - point.error_count, tone: 'one' },
      { name: t.metrics.failed, value: (point) => point.error_count, tone: 'bad' },
    ],
  });
  const percentile = (name, tone) => ({ name, value: (point) => point[name], tone });
  const times = lines({
    title: t.metrics.timesPlot,
    points,
    format: milliseconds,
    series: [percentile('p50', 'one'), percentile('p95', 'two'), percentile('p99', 'three')],
  });
  return h('div', { class: 'plots' }, card(requests), card(times));
}

const card = (content) => h('div', { class: 'card' }, content);

/** The slowest routes, as bars up to their 50th, 95th and 99th percentile. */
function slowest(endpoints) {
  const routes = endpoints.toSorted((one, other) => other.p95 - one.p95).slice(0, SLOWEST);
  const longest = Math.max(...routes.map((route) => route.p99), 1);
  const bar = (name, route) => {
    const width = Math.max((route[name] / longest) * 100, LEAST);
    return svg('rect', { class: `slow-bar slow-${name}`, width, height: 1 });
  };
  const item = (route) =>
    h(
      'li',
      { class: 'slow' },
      h('span', { class: 'route' }, h('code', {}, `${route.method} ${route.endpoint}`)),
      svg(
        'svg',
        { class: 'slow-track', viewBox: '0 0 100 1', preserveAspectRatio: 'none', 'aria-hidden': 'true' },
        bar('p99', route),
        bar('p95', route),
        bar('p50', route),
      ),
      h(
        'span',
        { class: 'number small' },
        t.metrics.percentiles(milliseconds(route.p50), milliseconds(route.p95), milliseconds(route.p99)),
      ),
    );
  return h(
    'section',
    { class: 'card section' },
    h('h2', {}, t.metrics.slowest),
    h('p', { class: 'hint' }, t.metrics.slowestText),
    h('ul', { class: 'slow-list' }, routes.map(item)),
  );
}

function routes(endpoints) {
  const { route: title, ...others } = t.metrics.columns;
  const columns = [title, ...Object.values(others).map(numeric)];
  const numbers = (route) => [
    number(route.total_requests),
    percent(route.error_count / route.total_requests),
    ...['avg_response_time', 'p50', 'p95', 'p99'].map((name) => milliseconds(route[name])),
  ];
  const row = (route) =>
    h(
      'tr',
      {},
      h('th', { scope: 'row' }, h('code', {}, `${route.method} ${route.endpoint}`)),
      numbers(route).map((text) => h('td', { class: 'number' }, text)),
    );
  const table = dataTable({ label: t.metrics.all, columns, body: endpoints.map(row) });
  return h('details', { class: 'card section' }, h('summary', {}, t.metrics.all), table);
}
