import type { Schemas } from '@eggypro/client';

import { formatPrice } from '@/lib/format';

type Priced = Pick<Schemas['Product'], 'price' | 'list_price' | 'currency' | 'unit_price'>;

/** The price, the one before a reduction, and the unit price that Directive 98/6/EC asks for. */
export function Price({ product: { price, list_price, currency, unit_price } }: { product: Priced }) {
  return (
    <p className="price">
      {list_price != null && (
        <>
          <span className="hidden">Before: </span>
          <del>{formatPrice(list_price, currency)}</del>{' '}
          <span className="hidden">Now: </span>
        </>
      )}
      <strong>{formatPrice(price, currency)}</strong>
      {unit_price && <small>{formatPrice(unit_price.price, currency)} per {unit_price.per}</small>}
    </p>
  );
}
