import { useEffect, useState } from 'react';

export interface Suggestion {
  slug: string;
  title: string;
  price: string;
}

/** How long typing must pause before a request, in milliseconds. */
const PAUSE = 120;

const NONE: Suggestion[] = [];

/** The suggestions for a text. An answer to an earlier text is never shown for a later one. */
export function useSuggestions(text: string): Suggestion[] {
  const [suggestions, setSuggestions] = useState(NONE);
  const q = text.trim();
  useEffect(() => {
    if (q.length < 2) {
      setSuggestions(NONE);
      return;
    }
    const stop = new AbortController();
    const timer = setTimeout(async () => {
      const answer = await fetch(`/suggest?q=${encodeURIComponent(q)}`, { signal: stop.signal }).catch(() => undefined);
      if (!answer?.ok) return;
      const found = (await answer.json().catch(() => NONE)) as Suggestion[];
      if (!stop.signal.aborted) setSuggestions(found);
    }, PAUSE);
    return () => {
      clearTimeout(timer);
      stop.abort();
    };
  }, [q]);
  return suggestions;
}
