import type { Schemas } from '@eggypro/client';

interface Props {
  media: Schemas['Media'] | undefined;
  title: string;
  sizes: string;
  /** Whether it is seen at once, so that it is loaded first. */
  isFirst: boolean;
}

/** A picture in the sizes that the API has made of it. */
export function Picture({ media, title, sizes, isFirst }: Props) {
  if (!media) return <div className="picture" aria-hidden="true" />;
  const sources = Object.entries(media.responsive ?? {}).sort(([one], [other]) => parseInt(one) - parseInt(other));
  // Inside `picture`, React does not preload the image. It would also do so for each product that a link leads to.
  return (
    <picture>
      <img
        className="picture"
        src={media.optimized ?? media.url}
        srcSet={sources.map(([width, url]) => `${url} ${width}`).join(', ') || undefined}
        sizes={sources.length > 0 ? sizes : undefined}
        width={media.width ?? 800}
        height={media.height ?? 800}
        alt={media.alt_text || title}
        loading={isFirst ? 'eager' : 'lazy'}
        fetchPriority={isFirst ? 'high' : 'auto'}
        // Otherwise it is painted only after the page, and often after the scripts.
        decoding={isFirst ? 'sync' : 'async'}
      />
    </picture>
  );
}
