'use client';

import { useActionState } from 'react';

import { submitReview, type ReviewState } from '@/app/products/[slug]/submit-review';

const START: ReviewState = { values: {} };

/** Works without scripts as well: the form is then sent to the server action. */
export function ReviewForm({ slug }: { slug: string }) {
  const [state, action, isPending] = useActionState(submitReview.bind(null, slug), START);
  const { values, errors = {}, message, isDone } = state;
  const described = (name: string) =>
    errors[name] ? { 'aria-invalid': true, 'aria-describedby': `${name}-error` } : {};
  const error = (name: string) => errors[name] && <span id={`${name}-error`} className="error">{errors[name]}</span>;
  return (
    <form action={action} className="review-form" aria-label="Write a review">
      <h3>Write a review</h3>
      <p role="status">{message}</p>
      {!isDone && (
        <>
          <label>
            Your name
            <input name="reviewer_name" required maxLength={255} autoComplete="name" defaultValue={values.reviewer_name} {...described('reviewer_name')} />
          </label>
          {error('reviewer_name')}
          <label>
            Stars
            <select name="rating" required defaultValue={values.rating ?? '5'} {...described('rating')}>
              {[5, 4, 3, 2, 1].map((stars) => <option key={stars} value={stars}>{stars} of 5</option>)}
            </select>
          </label>
          {error('rating')}
          <label>
            Your review
            <textarea name="comment" required maxLength={5000} rows={4} defaultValue={values.comment} {...described('comment')} />
          </label>
          {error('comment')}
          <button type="submit" disabled={isPending}>Send</button>
        </>
      )}
    </form>
  );
}
