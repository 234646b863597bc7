// The facts of a food: allergens and nutrition.

import { fill, h, newId } from '../core/dom.js';
import { group, segments } from '../core/fields.js';
import { ALLERGENS } from '../products/query.js';
import { t } from '../texts.js';
import { choice, decimal } from './controls.js';
import { NUTRIENTS } from './model.js';

/** How many kJ a kcal is. */
const KJ = 4.184;

/**
 * The fourteen allergens, each `no`, `traces` or `contains`, and whether anyone has stated them. Two controls share the
 * element: what the food contains, and its possible traces.
 */
export function allergenControls() {
  const stated = segments({
    label: t.product.allergensStated,
    value: 'no',
    choices: [
      ['no', t.product.allergensUnknown],
      ['yes', t.product.allergensKnown],
    ],
    onchange: () => update(),
  });
  /** Whether traces are stated and the allergens are not. They are shown then, but nobody has checked the allergens. */
  let hasOnlyTraces = false;
  const rows = ALLERGENS.map((name) =>
    allergenRow(name, (state) => {
      if (state === 'contains') stated.value = 'yes';
    }),
  );
  const table = h(
    'div',
    { class: 'allergens' },
    rows.map((row) => row.element),
  );
  const element = group({
    label: t.fields['food.allergens'],
    hint: t.product.allergensHint,
    controls: [stated, table],
  });
  const update = () => {
    hasOnlyTraces = false;
    table.hidden = stated.value === 'no';
  };
  const write = (state, values) => {
    for (const row of rows) {
      if (values.includes(row.name)) row.state = state;
      else if (row.state === state) row.state = 'no';
    }
    update();
    hasOnlyTraces = stated.value === 'no' && read('traces').length > 0;
    if (hasOnlyTraces) table.hidden = false;
  };
  const read = (state) =>
    rows
      .filter((row) => row.state === state)
      .map((row) => row.name)
      .sort();
  const shared = { element, setError: element.setError, focus: () => stated.querySelector('input').focus() };
  return [
    {
      ...shared,
      read: () => (stated.value === 'yes' ? read('contains') : null),
      write: (values) => {
        stated.value = values === null ? 'no' : 'yes';
        write('contains', values ?? []);
      },
    },
    {
      ...shared,
      read: () => (stated.value === 'yes' || hasOnlyTraces ? read('traces') : []),
      write: (values) => write('traces', values ?? []),
    },
  ];
}

function allergenRow(name, onchange) {
  const label = t.allergens[name];
  const choices = ['no', 'traces', 'contains'].map((state) => [state, t.product.allergenStates[state]]);
  const control = segments({ label, choices, value: 'no', className: 'compact', onchange });
  return {
    name,
    element: h('div', { class: 'allergen' }, h('span', {}, label), control),
    get state() {
      return control.value;
    },
    set state(value) {
      control.value = value;
    },
  };
}

/** The controls of nutrition by path, and the element that holds them. */
export function nutritionControls() {
  const controls = new Map();
  const basis = choice({ label: t.fields['food.nutrition.basis'] }, [
    ['100 g', '100 g'],
    ['100 ml', '100 ml'],
  ]);
  controls.set('food.nutrition.basis', basis);
  for (const name of NUTRIENTS) {
    controls.set(`food.nutrition.${name}`, decimal({ label: t.fields[`food.nutrition.${name}`] }));
  }
  fillEnergy(controls);
  const id = newId('nutrition');
  const numbers = [...controls.values()].map((control) => control.element);
  const element = h(
    'div',
    { role: 'group', 'aria-labelledby': id },
    h('h3', { id }, t.product.nutrition),
    h('p', { class: 'hint' }, t.product.nutritionHint),
  );
  element.append(fill(h('div', { class: 'numbers' }), numbers));
  return { element, controls };
}

/** Fills in one of kJ and kcal when the other is typed. */
function fillEnergy(controls) {
  const [joules, calories] = ['energy_kj', 'energy_kcal'].map((name) => controls.get(`food.nutrition.${name}`));
  const follow = (from, to, factor) =>
    from.element.input.addEventListener('change', () => {
      const value = from.read();
      if (typeof value === 'number' && to.read() === null) to.write(Math.round(value * factor));
    });
  follow(joules, calories, 1 / KJ);
  follow(calories, joules, KJ);
}
