import { fileURLToPath } from 'node:url';

import type { NextConfig } from 'next';

const shop = process.env.SHOP_URL ?? 'http://127.0.0.1:8080';
const isDevelopment = process.env.NODE_ENV === 'development';

/** What the API serves under the address of the shop. `deploy/vercel.json` forwards the same on Vercel. */
export const forwarded = [
  '/api/:path*',
  '/admin',
  '/admin/:path*',
  '/feeds/:path*',
  '/sitemap.xml',
  '/ucp/:path*',
  '/.well-known/ucp',
];

// Next.js writes inline scripts and, because of `inlineCss`, inline styles into static pages. To do without 'unsafe-inline', use
// nonces, which need each page to be rendered for each request.
const scripts = `'self' 'unsafe-inline'${isDevelopment ? " 'unsafe-eval'" : ''}`;
const policy = [
  "default-src 'self'",
  `script-src ${scripts}`,
  "style-src 'self' 'unsafe-inline'",
  `img-src 'self' data: https://res.cloudinary.com ${new URL(shop).origin}`,
  "object-src 'none'",
  "base-uri 'self'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join('; ');

const headers = [
  { key: 'Content-Security-Policy', value: policy },
  { key: 'X-Content-Type-Options', value: 'nosniff' },
  { key: 'Referrer-Policy', value: 'strict-origin-when-cross-origin' },
];

const config: NextConfig = {
  poweredByHeader: false,
  // Otherwise a phone waits for the style sheet before it paints the first picture, and often for the scripts as well.
  experimental: { inlineCss: true },
  turbopack: { root: fileURLToPath(new URL('.', import.meta.url)) },
  // The API sets its own policy for what it serves.
  headers: async () => [{ source: '/((?!api|admin|feeds|ucp).*)', headers }],
  rewrites: async () => forwarded.map((source) => ({ source, destination: shop + source })),
};

export default config;
