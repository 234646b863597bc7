import type { Schemas } from '@eggypro/client';
import type { Metadata } from 'next';
import Link from 'next/link';
import { notFound, permanentRedirect } from 'next/navigation';

import { Product } from '@/components/product';
import { Reviews } from '@/components/reviews';
import { scriptJson } from '@/lib/format';
import { readJsonLd, readProduct, readReviews, readSlugs } from '@/lib/shop';

interface Props {
  params: Promise<{ slug: string }>;
}

/** The build makes the pages of the first products, and a visit those of the others. */
export async function generateStaticParams() {
  return (await readSlugs(100)).map((slug) => ({ slug }));
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const product = await readProduct((await params).slug);
  if (!product) return {};
  const { title, slug, seo, media } = product;
  const description = seo.description ?? product.description.slice(0, 200);
  return {
    title: seo.title ?? title,
    description,
    alternates: { canonical: `/products/${slug}` },
    openGraph: { title, description, images: media.slice(0, 1).map(({ optimized, url }) => optimized ?? url) },
  };
}

export default async function ProductPage({ params }: Props) {
  const { slug } = await params;
  const product = await readProduct(slug);
  if (!product) notFound();
  if (product.slug !== slug) permanentRedirect(`/products/${product.slug}`);
  const [jsonLd, reviews] = await Promise.all([readJsonLd(slug), readReviews(slug)]);
  return (
    <>
      <JsonLd data={jsonLd} />
      <Trail category={product.categories[0]} />
      <Product product={product} />
      <Reviews slug={slug} title={product.title} reviews={reviews?.data ?? []} />
    </>
  );
}

/** The product for search engines. It can be missing for a moment, while the product is deleted. */
function JsonLd({ data }: { data: object | undefined }) {
  if (!data) return null;
  // `scriptJson` escapes it.
  return <script type="application/ld+json" dangerouslySetInnerHTML={{ __html: scriptJson(data) }} />;
}

function Trail({ category }: { category: Schemas['Product']['categories'][number] | undefined }) {
  return (
    <nav className="trail" aria-label="Breadcrumb">
      <Link href="/" prefetch={false}>Products</Link>
      {category && <Link href={`/?category=${category.slug}`} prefetch={false}>{category.name}</Link>}
    </nav>
  );
}
