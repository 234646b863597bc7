'use client';

import Form from 'next/form';
import { useRouter } from 'next/navigation';
import { useEffect, useId, useState, type KeyboardEvent } from 'react';

import { useSuggestions } from './use-suggestions';

/** A search with suggestions while typing: a combobox with a list (ARIA Authoring Practices Guide). */
export function SearchBox() {
  const [text, setText] = useState('');
  const [isOpen, setIsOpen] = useState(false);
  const [active, setActive] = useState(-1);
  const suggestions = useSuggestions(text);
  const router = useRouter();
  const id = useId();
  const isShown = isOpen && suggestions.length > 0;

  useEffect(() => setActive(-1), [suggestions]);

  function choose(slug: string) {
    setIsOpen(false);
    setText('');
    router.push(`/products/${slug}`);
  }

  function onKeyDown(event: KeyboardEvent) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && suggestions.length > 0) {
      event.preventDefault();
      setIsOpen(true);
      const places = suggestions.length + 1;
      setActive((active + 1 + step + places) % places - 1);
    } else if (event.key === 'Escape') {
      // Otherwise Chromium empties the field at once.
      if (isShown) event.preventDefault();
      setIsOpen(false);
    } else if (event.key === 'Enter') {
      const suggestion = isShown ? suggestions[active] : undefined;
      setIsOpen(false);
      if (!suggestion) return;
      event.preventDefault();
      choose(suggestion.slug);
    }
  }

  return (
    <Form className="search" action="/" role="search">
      <input
        type="search"
        name="q"
        aria-label="Search products"
        placeholder="Search"
        maxLength={200}
        autoComplete="off"
        role="combobox"
        aria-autocomplete="list"
        aria-expanded={isShown}
        aria-controls={id}
        aria-activedescendant={isShown && active >= 0 ? `${id}-${active}` : undefined}
        value={text}
        onChange={(event) => {
          setText(event.target.value);
          setIsOpen(true);
        }}
        onKeyDown={onKeyDown}
        onBlur={() => setIsOpen(false)}
      />
      <button type="submit">Search</button>
      <ul id={id} className="suggestions" role="listbox" aria-label="Suggestions" hidden={!isShown}>
        {suggestions.map(({ slug, title, price }, index) => (
          <li
            key={slug}
            id={`${id}-${index}`}
            role="option"
            aria-selected={index === active}
            // Before the field loses the focus, which would close the list.
            onMouseDown={(event) => event.preventDefault()}
            onClick={() => choose(slug)}
          >
            {title} <span className="number">{price}</span>
          </li>
        ))}
      </ul>
    </Form>
  );
}
