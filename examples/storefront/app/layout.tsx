import type { Metadata, Viewport } from 'next';
import Link from 'next/link';
import type { ReactNode } from 'react';

import { SearchBox } from '@/components/search-box';
import './shop.css';

export const metadata: Metadata = {
  metadataBase: new URL(process.env.APP_URL ?? 'http://localhost:3000'),
  title: { default: 'EggyPro: foods with egg protein', template: '%s · EggyPro' },
  description: 'Protein powders, bars, snacks and liquid egg whites, with all food facts and unit prices.',
  openGraph: { siteName: 'EggyPro', type: 'website' },
};

export const viewport: Viewport = { colorScheme: 'light dark' };

export default function Layout({ children }: { children: ReactNode }) {
  return (
    <html lang="en">
      <body>
        <a className="skip" href="#content">Skip to the content</a>
        <header className="top">
          <Link className="brand" href="/" prefetch={false}>EggyPro</Link>
          <SearchBox />
        </header>
        <main id="content">{children}</main>
        <footer className="bottom">
          <p>Prices include VAT. A demonstration shop.</p>
          <a href="/sitemap.xml">Sitemap</a>
        </footer>
      </body>
    </html>
  );
}
