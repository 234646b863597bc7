'use client';

import Form from 'next/form';
import { useRouter } from 'next/navigation';
import { useId, useState } from 'react';

import { optionId, SuggestionList } from './suggestion-list';
import { useCombobox } from './use-combobox';
import { useSuggestions, type Suggestion } from './use-suggestions';

/** A search with suggestions while typing: a combobox with a list (ARIA Authoring Practices Guide). */
export function SearchBox() {
  const [text, setText] = useState('');
  const suggestions = useSuggestions(text);
  const { isShown, active, setIsOpen, onKeyDown } = useCombobox(suggestions, choose);
  const router = useRouter();
  const id = useId();

  function choose({ slug }: Suggestion) {
    setIsOpen(false);
    setText('');
    router.push(`/products/${slug}`);
  }

  const combobox = {
    role: 'combobox',
    'aria-autocomplete': 'list',
    'aria-expanded': isShown,
    'aria-controls': id,
    'aria-activedescendant': active >= 0 ? optionId(id, active) : undefined,
  } as const;
  const onChange = (value: string) => {
    setText(value);
    setIsOpen(true);
  };

  return (
    <Form className="search" action="/" role="search" prefetch={false}>
      <input
        type="search" name="q" aria-label="Search products" placeholder="Search" maxLength={200} autoComplete="off"
        {...combobox}
        value={text}
        onChange={(event) => onChange(event.target.value)}
        onKeyDown={onKeyDown}
        onBlur={() => setIsOpen(false)}
      />
      <button type="submit">Search</button>
      <SuggestionList id={id} suggestions={suggestions} active={active} isShown={isShown} choose={choose} />
    </Form>
  );
}
