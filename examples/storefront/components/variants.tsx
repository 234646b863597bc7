import Link from 'next/link';

import { readVariants } from '@/lib/shop';

export async function Variants({ group, current }: { group: string; current: string }) {
  const variants = await readVariants(group);
  if (variants.length < 2) return null;
  return (
    <nav aria-label="Variants">
      <ul className="variants">
        {variants.map(({ slug, title, options }) => (
          <li key={slug}>
            <Link href={`/products/${slug}`} prefetch={false} aria-current={slug === current ? 'page' : undefined}>
              {Object.values(options ?? {}).join(', ') || title}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}
