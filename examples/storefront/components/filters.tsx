import type { Schemas } from '@eggypro/client';

import { FilterForm } from './filter-form';
import { formatWord } from '@/lib/format';
import { hrefOf, SORTS } from '@/lib/list-query';
import type { ListQuery } from '@/lib/shop';

interface Choice {
  value: string;
  label: string;
  count: number;
}

const isFiltered = ({ q: _, cursor: __, ...filters }: ListQuery) => Object.keys(filters).length > 0;

/** The filters with their counts. The form works without scripts as well. */
export function Filters({ query, facets }: { query: ListQuery; facets: Schemas['Facets'] }) {
  const named = (counts: Schemas['NamedCount'][] = []) =>
    counts.map(({ name, count }) => ({ value: name, label: formatWord(name), count }));
  const categories = (facets.category ?? []).map(({ slug, name, count }) => ({ value: slug, label: name, count }));
  return (
    <FilterForm href={hrefOf(query)} isFiltered={isFiltered(query)}>
      {query.q && <input type="hidden" name="q" value={query.q} />}
      <label>
        Sort by
        <select name="sort" defaultValue={query.sort ?? ''}>
          {Object.entries(SORTS).map(([value, label]) => <option key={value} value={value}>{label}</option>)}
        </select>
      </label>
      <label className="choice">
        <input type="checkbox" name="inStock" value="true" defaultChecked={query.inStock} />
        In stock <span className="number">{facets.stock?.in_stock ?? 0}</span>
      </label>
      <Choices title="Category" name="category" choices={categories} chosen={query.category} />
      <Choices title="Diet" name="diet" choices={named(facets.diet)} chosen={query.diet} />
      <Choices title="Free from" name="allergenFree" choices={named(facets.allergen)} chosen={query.allergenFree} />
      <button type="submit">Show products</button>
    </FilterForm>
  );
}

interface ChoicesProps {
  title: string;
  name: string;
  choices: Choice[];
  chosen: string[] | undefined;
}

function Choices({ title, name, choices, chosen = [] }: ChoicesProps) {
  const shown = choices.filter(({ value, count }) => count > 0 || chosen.includes(value));
  if (shown.length === 0) return null;
  return (
    <fieldset>
      <legend>{title}</legend>
      {shown.map(({ value, label, count }) => (
        <label key={value} className="choice">
          <input type="checkbox" name={name} value={value} defaultChecked={chosen.includes(value)} />
          {label} <span className="number">{count}</span>
        </label>
      ))}
    </fieldset>
  );
}
