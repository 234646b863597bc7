import type { Schemas } from '@eggypro/client';

export function Stars({ rating: { average, count } }: { rating: Pick<Schemas['Rating'], 'average' | 'count'> }) {
  if (average == null) return <p className="stars">No reviews yet</p>;
  return (
    <p className="stars">
      <span aria-hidden="true">{'★'.repeat(Math.round(average)).padEnd(5, '☆')}</span>
      <span className="hidden">{average} of 5 stars,</span> {count} {count === 1 ? 'review' : 'reviews'}
    </p>
  );
}
