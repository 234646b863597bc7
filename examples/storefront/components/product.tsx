import type { Schemas } from '@eggypro/client';

import { FoodFacts } from './food-facts';
import { Picture } from './picture';
import { Price } from './price';
import { Stars } from './stars';
import { Variants } from './variants';

/** A product with all its pictures and facts. */
export function Product({ product }: { product: Schemas['Product'] }) {
  return (
    <article className="product">
      <Pictures product={product} />
      <div className="facts">
        <p className="maker">{product.brand}</p>
        <h1>{product.title}</h1>
        <Stars rating={product.rating} />
        <Price product={product} />
        <p className={product.stock_quantity > 0 ? 'in-stock' : 'sold-out'}>
          {product.stock_quantity > 0 ? 'In stock' : 'Sold out'}
        </p>
        {product.group && <Variants group={product.group} current={product.slug} />}
        <p className="text">{product.description}</p>
        <p className="text">{product.details}</p>
        <FoodFacts food={product.food} ingredients={product.ingredients} />
      </div>
    </article>
  );
}

function Pictures({ product: { media, title } }: { product: Schemas['Product'] }) {
  const sizes = '(min-width: 60rem) 30rem, 92vw';
  return (
    <div className="pictures">
      {media.map((one, index) => (
        <Picture key={one.url} media={one} title={title} sizes={sizes} isFirst={index === 0} />
      ))}
    </div>
  );
}
