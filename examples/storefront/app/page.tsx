import { ProblemError } from '@eggypro/client';
import type { Metadata } from 'next';
import Link from 'next/link';
import { notFound } from 'next/navigation';

import { Filters } from '@/components/filters';
import { ProductCard } from '@/components/product-card';
import { hrefOf, parseQuery, type SearchParams } from '@/lib/list-query';
import { readCategories, readList, type ListQuery } from '@/lib/shop';

interface Props {
  searchParams: Promise<SearchParams>;
}

export async function generateMetadata({ searchParams }: Props): Promise<Metadata> {
  const query = parseQuery(await searchParams);
  const title = await titleOf(query);
  // Search engines list the categories. Other filters, searches and further pages show the same products again.
  const { category, ...others } = query;
  const isListed = Object.keys(others).length === 0 && (category?.length ?? 0) <= 1;
  return {
    ...(isListed && !category ? {} : { title }),
    alternates: { canonical: hrefOf(isListed && category ? { category } : {}) },
    ...(!isListed && { robots: { index: false, follow: true } }),
  };
}

export default async function ListPage({ searchParams }: Props) {
  const query = parseQuery(await searchParams);
  const [page, title] = await Promise.all([readPage(query), titleOf(query)]);
  const { total, total_precision, next_cursor } = page.pagination;
  return (
    <>
      <h1>{title}</h1>
      <div className="list">
        <Filters query={query} facets={page.facets ?? {}} />
        <section aria-labelledby="count">
          <h2 id="count" className="count" aria-live="polite">
            {total_precision === 'exact' ? '' : 'At least '}
            {total} {total === 1 ? 'product' : 'products'}
          </h2>
          {total === 0 && <p>Nothing matches. Try fewer filters.</p>}
          <ul className="cards">
            {page.data.map((product, index) => (
              <li key={product.slug}><ProductCard product={product} isFirst={index < 2} /></li>
            ))}
          </ul>
          <nav className="pages" aria-label="Pages">
            {query.cursor && <Link href={hrefOf({ ...query, cursor: undefined })} prefetch={false}>First page</Link>}
            {next_cursor && <Link href={hrefOf({ ...query, cursor: next_cursor })} prefetch={false}>Next page</Link>}
          </nav>
        </section>
      </div>
    </>
  );
}

/** A cursor of other filters, which someone has edited, is an address that does not exist. */
async function readPage(query: ListQuery) {
  try {
    return await readList(query);
  } catch (error) {
    if (error instanceof ProblemError && [400, 422].includes(error.status)) notFound();
    throw error;
  }
}

async function titleOf({ q, category }: ListQuery): Promise<string> {
  if (q) return `Search: ${q}`;
  if (category?.length !== 1) return 'All products';
  const categories = await readCategories();
  return categories.find(({ slug }) => slug === category[0])?.name ?? 'All products';
}
