import Link from 'next/link';

export default function NotFound() {
  return (
    <section className="message">
      <h1>Not found</h1>
      <p>There is nothing at this address. <Link href="/">See all products</Link></p>
    </section>
  );
}
