'use client';

import { useEffect, useRef } from 'react';

/** Submits the form around it when a field changes. */
export function ApplyOnChange() {
  const marker = useRef<HTMLSpanElement>(null);
  useEffect(() => {
    const form = marker.current?.closest('form');
    const submit = () => form?.requestSubmit();
    form?.addEventListener('change', submit);
    return () => form?.removeEventListener('change', submit);
  }, []);
  return <span ref={marker} hidden />;
}
