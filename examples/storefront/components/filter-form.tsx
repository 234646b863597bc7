'use client';

import Form from 'next/form';
import { useEffect, useRef, useState, type ChangeEvent, type FocusEvent, type KeyboardEvent, type ReactNode } from 'react';

/** A key that changes a closed list does so at once, in milliseconds. A choice in an open list comes later. */
const AT_ONCE = 50;

interface Props {
  /** The address of the list that is shown. */
  href: string;
  /** On a phone, the filters are folded until they are used. */
  isFiltered: boolean;
  children: ReactNode;
}

/**
 * A form that is sent when a field changes. It stays the same form in the new list, so that the focus stays where it is. The
 * arrow keys go through a list without sending each of its options: Enter sends it, or leaving the field does.
 */
export function FilterForm({ href, isFiltered, children }: Props) {
  const form = useRef<HTMLFormElement>(null);
  const shown = useRef(href);
  const keyed = useRef(-AT_ONCE);
  const [isOpen, setIsOpen] = useState(isFiltered);

  useEffect(() => {
    if (shown.current !== href && form.current) fill(form.current, parametersOf(href));
    shown.current = href;
  }, [href]);

  const isChanged = (field: EventTarget): field is HTMLSelectElement =>
    field instanceof HTMLSelectElement && field.value !== (parametersOf(href).get(field.name) ?? '');
  const send = () => form.current?.requestSubmit();
  const onChange = ({ target, timeStamp }: ChangeEvent<HTMLFormElement>) => {
    const isOnTheWay = (target as Element) instanceof HTMLSelectElement && timeStamp - keyed.current < AT_ONCE;
    if (!isOnTheWay) send();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    keyed.current = event.timeStamp;
    if (event.key !== 'Enter' || !isChanged(event.target)) return;
    event.preventDefault();
    send();
  };
  const onBlur = ({ target }: FocusEvent) => isChanged(target) && send();
  const listeners = { onChange, onKeyDown, onBlur };

  return (
    <details className="fold" open={isOpen} onToggle={({ currentTarget }) => setIsOpen(currentTarget.open)}>
      <summary>Sort and filter</summary>
      <Form ref={form} className="filters" action="/" aria-label="Filters" scroll={false} prefetch={false} {...listeners}>
        {children}
      </Form>
    </details>
  );
}

const parametersOf = (href: string) => new URLSearchParams(href.split('?')[1]);

/** After the list has changed elsewhere, for example by a link, the fields show its filters. */
function fill(form: HTMLFormElement, chosen: URLSearchParams) {
  for (const field of form.elements) {
    if (field instanceof HTMLSelectElement) field.value = chosen.get(field.name) ?? '';
    if (field instanceof HTMLInputElement && field.type === 'checkbox') {
      field.checked = chosen.getAll(field.name).includes(field.value);
    }
  }
}
