import type { Schemas } from '@eggypro/client';

import { formatWord } from '@/lib/format';

type Nutrition = Schemas['Nutrition'];

/** The rows in the order of EU Regulation 1169/2011, Annex XV. "Of which" rows are part of the one before. */
const ROWS: [keyof Nutrition, string][] = [
  ['fat', 'Fat'],
  ['saturates', 'of which saturates'],
  ['carbohydrate', 'Carbohydrate'],
  ['sugars', 'of which sugars'],
  ['fibre', 'Fibre'],
  ['protein', 'Protein'],
  ['salt', 'Salt'],
];

interface Props {
  food: Schemas['Food'] | null | undefined;
  ingredients: string[];
}

/** The information about a food that EU Regulation 1169/2011 requires in a shop. */
export function FoodFacts({ food, ingredients }: Props) {
  const { allergens, may_contain, diets, origin_country, storage, nutrition } = food ?? {};
  return (
    <section aria-labelledby="food">
      <h2 id="food">Food facts</h2>
      <dl className="food">
        <Fact name="Ingredients" value={ingredients.join(', ')} />
        <Fact name="Contains" value={words(allergens)} isStrong />
        <Fact name="May contain" value={words(may_contain)} />
        <Fact name="Diets" value={words(diets)} />
        <Fact name="Origin" value={origin_country && countries.of(origin_country)} />
        <Fact name="Storage" value={storage} />
      </dl>
      {nutrition && <NutritionTable nutrition={nutrition} />}
    </section>
  );
}

const countries = new Intl.DisplayNames('en-GB', { type: 'region' });
const words = (list: string[] | null | undefined) => (list ?? []).map(formatWord).join(', ');

interface FactProps {
  name: string;
  value: string | null | undefined;
  isStrong?: boolean;
}

function Fact({ name, value, isStrong = false }: FactProps) {
  if (!value) return null;
  return <div><dt>{name}</dt><dd>{isStrong ? <strong>{value}</strong> : value}</dd></div>;
}

function NutritionTable({ nutrition }: { nutrition: Nutrition }) {
  return (
    <table className="nutrition">
      <caption>Nutrition per {nutrition.basis}</caption>
      <tbody>
        {nutrition.energy_kj != null && (
          <tr><th scope="row">Energy</th><td>{nutrition.energy_kj} kJ / {nutrition.energy_kcal} kcal</td></tr>
        )}
        {ROWS.map(([name, label]) => nutrition[name] != null && (
          <tr key={name} className={label.startsWith('of which') ? 'part' : undefined}>
            <th scope="row">{label}</th>
            <td>{nutrition[name]} g</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
