'use server';

import { ConnectionError, ProblemError } from '@eggypro/client';
import { headers } from 'next/headers';

import { shop } from '@/lib/shop';

export interface ReviewState {
  /** What was typed, so that a refused form keeps it. */
  values: Record<string, string>;
  errors?: Record<string, string>;
  message?: string;
  isDone?: boolean;
}

export async function submitReview(slug: string, _: ReviewState, form: FormData): Promise<ReviewState> {
  const text = (name: string) => String(form.get(name) ?? '');
  const values = { reviewer_name: text('reviewer_name'), rating: text('rating'), comment: text('comment') };
  try {
    await shop.post('/api/products/{slug}/reviews', {
      params: { path: { slug } },
      body: { ...values, rating: Number(values.rating) },
      headers: await shopperHeaders(),
    });
    return { values: {}, isDone: true, message: 'Thank you. Your review is shown once it is approved.' };
  } catch (error) {
    return { values, ...failureOf(error) };
  }
}

/** Names the shopper, so that each has a limit of their own. The API must list this server in `TRUSTED_PROXIES`. */
async function shopperHeaders(): Promise<Record<string, string>> {
  const given = await headers();
  const names = ['x-forwarded-for', 'user-agent'];
  return Object.fromEntries(names.flatMap((name) => (given.has(name) ? [[name, given.get(name)!]] : [])));
}

function failureOf(error: unknown): Pick<ReviewState, 'errors' | 'message'> {
  if (error instanceof ConnectionError) return { message: 'The shop does not answer. Try again soon.' };
  if (!(error instanceof ProblemError)) throw error;
  if (error.errors.length > 0) {
    const errors = Object.fromEntries(error.errors.map(({ field, message }) => [field, message]));
    return { errors, message: 'Please correct your review.' };
  }
  switch (error.status) {
    case 409: return { message: 'You have sent this review already.' };
    case 429: return { message: 'You have sent many reviews. Try again later.' };
    default: return { message: 'Your review could not be sent. Try again later.' };
  }
}
