import type { Suggestion } from './use-suggestions';

interface Props {
  id: string;
  suggestions: Suggestion[];
  active: number;
  isShown: boolean;
  choose: (suggestion: Suggestion) => void;
}

export const optionId = (list: string, index: number) => `${list}-${index}`;

/** The list of a combobox. */
export function SuggestionList({ id, suggestions, active, isShown, choose }: Props) {
  return (
    <ul id={id} className="suggestions" role="listbox" aria-label="Suggestions" hidden={!isShown}>
      {suggestions.map((suggestion, index) => (
        <li
          key={suggestion.slug}
          id={optionId(id, index)}
          role="option"
          aria-selected={index === active}
          // Before the field loses the focus, which would close the list.
          onMouseDown={(event) => event.preventDefault()}
          onClick={() => choose(suggestion)}
        >
          {suggestion.title} <span className="number">{suggestion.price}</span>
        </li>
      ))}
    </ul>
  );
}
