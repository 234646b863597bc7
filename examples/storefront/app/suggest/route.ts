import { formatPrice } from '@/lib/format';
import { readSuggestions } from '@/lib/shop';

/** Suggestions for the search box. The API key stays here. */
export async function GET(request: Request): Promise<Response> {
  const q = new URL(request.url).searchParams.get('q')?.trim().slice(0, 100) ?? '';
  const found = q.length < 2 ? [] : await readSuggestions(q);
  const suggestions = found.map(({ slug, title, price }) => ({ slug, title, price: formatPrice(price, currency) }));
  return Response.json(suggestions, { headers: { 'Cache-Control': 'public, max-age=60' } });
}

/** Suggestions have no currency: a shop has only one (`CURRENCY` of the API). */
const currency = process.env.CURRENCY ?? 'EUR';
