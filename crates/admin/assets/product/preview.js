// The product as a shopper sees it, with what is written in the form and not yet saved.

import { fill, h, picture, safeUrl } from '../core/dom.js';
import { openDialog } from '../core/dialog.js';
import { segments } from '../core/fields.js';
import { money } from '../core/format.js';
import { t } from '../texts.js';
import { NUTRIENTS } from './model.js';

/** What ingredients are called that contain an allergen: EU law wants them emphasized. */
const ALLERGEN_WORDS = {
  gluten: 'gluten|wheat|rye|barley|oats?|spelt',
  crustaceans: 'crustaceans?|crab|prawns?|shrimps?|lobster',
  eggs: 'eggs?|albumen',
  fish: 'fish|salmon|tuna|cod|anchov(?:y|ies)',
  peanuts: 'peanuts?',
  soybeans: 'soy(?:a|beans?)?',
  milk: 'milk|whey|butter|cream|cheese|lactose|casein',
  nuts: 'nuts?|almonds?|hazelnuts?|walnuts?|cashews?|pecans?|pistachios?',
  celery: 'celery|celeriac',
  mustard: 'mustard',
  sesame: 'sesame|tahini',
  sulphites: 'sulphites?|sulfites?',
  lupin: 'lupins?',
  molluscs: 'molluscs?|mussels?|oysters?|squid',
};

/** Shows the preview, as wide as a phone or a computer. */
export function showPreview(form, product) {
  const values = form.read();
  const frame = h('article', { class: 'shop' }, shopPage(values, product));
  const widths = segments({
    label: t.preview.width,
    value: 'wide',
    choices: [
      ['wide', t.preview.computer],
      ['narrow', t.preview.phone],
    ],
    onchange: (width) => frame.classList.toggle('narrow', width === 'narrow'),
  });
  return openDialog({ title: t.product.preview, wide: true, body: h('div', { class: 'stack' }, widths, frame) });
}

function shopPage(values, product) {
  const read = (path) => values.get(path);
  return [
    gallery(read('pictures')),
    h(
      'div',
      { class: 'shop-main' },
      h('p', { class: 'small faint' }, read('brand')),
      h('h2', { class: 'shop-title' }, read('title') || t.preview.noTitle),
      product?.rating?.count > 0 &&
        h('p', {}, t.products.rating(product.rating.average.toFixed(1), product.rating.count)),
      priceLine(read, product?.currency),
      badges(read),
      paragraphs(read('description')),
      stockLine(read('stock_quantity')),
    ),
    h(
      'div',
      { class: 'shop-facts' },
      part(t.fields.details, paragraphs(read('details'))),
      ingredients(read),
      nutrition(read),
    ),
  ];
}

function gallery(pictures) {
  const [first, ...others] = pictures;
  const large = first && safeUrl(first.url);
  return h(
    'div',
    { class: 'shop-gallery' },
    large ? h('img', { src: large, alt: first.alt }) : h('div', { class: 'shop-empty' }, t.preview.noPicture),
    others.length > 0 &&
      h(
        'div',
        { class: 'row wrap' },
        others.map(({ thumbnail, alt }) => picture(thumbnail, alt)),
      ),
  );
}

function priceLine(read, currency) {
  const [price, before] = [read('price'), read('list_price')];
  return h(
    'p',
    { class: 'shop-price' },
    h('strong', {}, money(number(price), currency)),
    before && h('s', { class: 'faint' }, money(number(before), currency)),
  );
}

const number = (value) => (typeof value === 'number' ? value : 0);

function badges(read) {
  const diets = read('food.diets').map((diet) => h('span', { class: 'badge' }, t.diets[diet]));
  return diets.length > 0 && h('p', { class: 'row wrap' }, diets);
}

function stockLine(stock) {
  return stock > 0
    ? h('p', { class: 'good-text' }, t.preview.inStock)
    : h('p', { class: 'bad-text' }, t.products.soldOut);
}

const paragraphs = (text) => (text ?? '').split(/\n{2,}/).map((part) => h('p', { class: 'lines' }, part));

const part = (title, ...content) => h('section', {}, h('h3', {}, title), content);

function ingredients(read) {
  const allergens = read('food.allergens') ?? [];
  const list = read('ingredients').flatMap((name, index) => [index > 0 && ', ', emphasized(name, allergens)]);
  const traces = read('food.may_contain').map((name) => t.allergens[name].toLowerCase());
  return part(
    t.fields.ingredients,
    h('p', {}, list),
    traces.length > 0 && h('p', {}, t.preview.traces(traces.join(', '))),
    read('food.storage') && h('p', {}, read('food.storage')),
  );
}

/** An ingredient with its allergens in bold. */
function emphasized(name, allergens) {
  if (allergens.length === 0) return name;
  const words = allergens.map((allergen) => ALLERGEN_WORDS[allergen]).join('|');
  const parts = name.split(new RegExp(`\\b(${words})\\b`, 'i'));
  return parts.map((text, index) => (index % 2 === 1 ? h('strong', {}, text) : text));
}

function nutrition(read) {
  const rows = NUTRIENTS.filter((name) => name !== 'serving_size' && read(`food.nutrition.${name}`) !== null);
  if (rows.length === 0) return null;
  const row = (name) =>
    h(
      'tr',
      {},
      h('th', { scope: 'row' }, t.nutrients[name]),
      h('td', { class: 'number' }, t.preview.nutrient(name, read(`food.nutrition.${name}`))),
    );
  const table = h('table', { class: 'table' });
  fill(table, h('caption', {}, t.preview.per(read('food.nutrition.basis'))), h('tbody', {}, rows.map(row)));
  return part(t.product.nutrition, table);
}
