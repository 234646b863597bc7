import type { Metadata } from 'next';
import Link from 'next/link';
import { notFound, permanentRedirect } from 'next/navigation';

import { FoodFacts } from '@/components/food-facts';
import { Picture } from '@/components/picture';
import { Price } from '@/components/price';
import { Reviews } from '@/components/reviews';
import { Stars } from '@/components/stars';
import { Variants } from '@/components/variants';
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
  const category = product.categories[0];
  return (
    <>
      {/* `scriptJson` escapes it. */}
      <script type="application/ld+json" dangerouslySetInnerHTML={{ __html: scriptJson(jsonLd) }} />
      <nav className="trail" aria-label="Breadcrumb">
        <Link href="/">Products</Link>
        {category && <Link href={`/?category=${category.slug}`}>{category.name}</Link>}
      </nav>
      <article className="product">
        <div className="pictures">
          {product.media.map((media, index) => (
            <Picture
              key={media.url}
              media={media}
              title={product.title}
              sizes="(min-width: 60rem) 30rem, 92vw"
              isFirst={index === 0}
            />
          ))}
        </div>
        <div className="facts">
          <p className="maker">{product.brand}</p>
          <h1>{product.title}</h1>
          <Stars rating={product.rating} />
          <Price product={product} />
          <p className={product.stock_quantity > 0 ? 'in-stock' : 'sold-out'}>
            {product.stock_quantity > 0 ? 'In stock' : 'Sold out'}
          </p>
          {product.group && <Variants group={product.group} current={slug} />}
          <p className="text">{product.description}</p>
          <p className="text">{product.details}</p>
          <FoodFacts food={product.food} ingredients={product.ingredients} />
        </div>
      </article>
      <Reviews slug={slug} title={product.title} reviews={reviews?.data ?? []} />
    </>
  );
}
