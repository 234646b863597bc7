import type { MetadataRoute } from 'next';

export default function robots(): MetadataRoute.Robots {
  const shop = process.env.APP_URL ?? 'http://localhost:3000';
  return {
    rules: { userAgent: '*', allow: '/', disallow: ['/suggest', '/admin'] },
    sitemap: `${shop}/sitemap.xml`,
  };
}
