import { useEffect, useState, type KeyboardEvent } from 'react';

/** The state of a combobox: whether its list is open, and which option is active. The field itself is -1. */
export function useCombobox<Option>(options: Option[], choose: (option: Option) => void) {
  const [isOpen, setIsOpen] = useState(false);
  const [active, setActive] = useState(-1);
  const isShown = isOpen && options.length > 0;
  useEffect(() => setActive(-1), [options]);

  function move(step: number) {
    setIsOpen(true);
    const places = options.length + 1;
    setActive((active + 1 + step + places) % places - 1);
  }

  function onKeyDown(event: KeyboardEvent) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && options.length > 0) {
      event.preventDefault();
      move(step);
    } else if (event.key === 'Escape') {
      // Otherwise Chromium empties the field at once.
      if (isShown) event.preventDefault();
      setIsOpen(false);
    } else if (event.key === 'Enter') {
      const option = isShown ? options[active] : undefined;
      setIsOpen(false);
      if (!option) return;
      event.preventDefault();
      choose(option);
    }
  }

  return { isShown, active: isShown ? active : -1, setIsOpen, onKeyDown };
}
