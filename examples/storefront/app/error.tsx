'use client';

export default function Failed({ reset }: { reset: () => void }) {
  return (
    <section className="message" role="alert">
      <h1>Something went wrong</h1>
      <p>The shop can’t be read at the moment.</p>
      <button type="button" onClick={reset}>Try again</button>
    </section>
  );
}
