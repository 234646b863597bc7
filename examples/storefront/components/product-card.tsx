import Link from 'next/link';

import { Picture } from './picture';
import { Price } from './price';
import { Stars } from './stars';
import type { Listed } from '@/lib/shop';

export function ProductCard({ product, isFirst }: { product: Listed; isFirst: boolean }) {
  return (
    <article className="card">
      <Picture media={product.media[0]} title={product.title} sizes="(min-width: 60rem) 15rem, 45vw" isFirst={isFirst} />
      <h3><Link href={`/products/${product.slug}`} prefetch={false}>{product.title}</Link></h3>
      <Stars rating={product.rating} />
      <Price product={product} />
      {product.stock_quantity === 0 && <p className="sold-out">Sold out</p>}
    </article>
  );
}
