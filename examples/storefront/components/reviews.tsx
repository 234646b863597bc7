import type { Schemas } from '@eggypro/client';

import { ReviewForm } from './review-form';
import { Stars } from './stars';
import { formatDate } from '@/lib/format';

interface Props {
  slug: string;
  title: string;
  reviews: Schemas['Review'][];
}

export function Reviews({ slug, title, reviews }: Props) {
  return (
    <section className="reviews" aria-labelledby="reviews">
      <h2 id="reviews">Reviews</h2>
      <ul>
        {reviews.map(({ id, reviewer_name, rating, comment, created_at }) => (
          <li key={id}>
            <Stars rating={{ average: rating, count: 1 }} />
            <p className="text">{comment}</p>
            <p className="by">{reviewer_name}, <time dateTime={created_at}>{formatDate(created_at)}</time></p>
          </li>
        ))}
      </ul>
      {reviews.length === 0 && <p>Nobody has reviewed {title} yet.</p>}
      <ReviewForm slug={slug} />
    </section>
  );
}
