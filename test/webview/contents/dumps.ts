import type { ListingPiece } from '../../../src/shared/contentsPage';
import { Listing } from '../../../src/webview/contents/model/listing';

/** An entry as a test writes it down: ids count from 1 in the order given. */
export interface Given {
  kind: string;
  name: string;
  schema?: string;
  owner?: string;
  database?: string;
  bytes?: number;
  rows?: number;
}

/** Pieces of a listing as the host sends them, words only when they are new. */
export function piecesOf(entries: Given[], size = entries.length): ListingPiece[] {
  const words = { kinds: [] as string[], schemas: [''], owners: [''], databases: [''] };
  const pieces: ListingPiece[] = [];
  for (let from = 0; from < entries.length; from += size) {
    const before = pieces.length
      ? {
          kinds: words.kinds.length,
          schemas: words.schemas.length,
          owners: words.owners.length,
          databases: words.databases.length,
        }
      : { kinds: 0, schemas: 0, owners: 0, databases: 0 };
    const index = (list: keyof typeof words, word: string): number => {
      const known = words[list].indexOf(word);
      return known >= 0 ? known : words[list].push(word) - 1;
    };
    const part = entries.slice(from, from + size);
    pieces.push({
      from,
      ids: part.map((_, at) => from + at + 1),
      kinds: part.map(({ kind }) => index('kinds', kind)),
      schemas: part.map(({ schema }) => index('schemas', schema ?? '')),
      owners: part.map(({ owner }) => index('owners', owner ?? '')),
      sections: part.map(() => 0),
      names: part.map(({ name }) => name),
      bytes: part.map(({ bytes }) => bytes ?? -1),
      rows: part.map(({ rows }) => rows ?? -1),
      databases: part.map(({ database }) => index('databases', database ?? '')),
      words: {
        kinds: words.kinds.slice(before.kinds),
        schemas: words.schemas.slice(before.schemas),
        owners: words.owners.slice(before.owners),
        databases: words.databases.slice(before.databases),
      },
    });
  }
  return pieces;
}

export function listingOf(entries: Given[], size?: number): Listing {
  const listing = new Listing();
  for (const piece of piecesOf(entries, size)) listing.add(piece);
  return listing;
}

/** A small shop: two tables with rows, one of them with a comment, grants and a default, and things around them. */
export const shop: Given[] = [
  { kind: 'ENCODING', name: 'ENCODING' },
  { kind: 'DATABASE', name: 'shop' },
  { kind: 'TABLE', schema: 'public', name: 'orders', owner: 'app' },
  { kind: 'COMMENT', schema: 'public', name: 'COLUMN orders.note', owner: 'app' },
  { kind: 'ACL', schema: 'public', name: 'TABLE orders', owner: 'app' },
  { kind: 'TABLE', schema: 'public', name: 'customers', owner: 'app' },
  { kind: 'VIEW', schema: 'public', name: 'open_orders', owner: 'report' },
  { kind: 'TABLE', schema: 'audit', name: 'events', owner: 'app' },
  { kind: 'DEFAULT', schema: 'public', name: 'orders id', owner: 'app' },
  { kind: 'TABLE DATA', schema: 'public', name: 'orders', owner: 'app', bytes: 210_000_000, rows: 500_000 },
  { kind: 'TABLE DATA', schema: 'public', name: 'customers', owner: 'app', bytes: 40_000_000 },
  { kind: 'TABLE DATA', schema: 'audit', name: 'events', owner: 'app', bytes: 90_000_000, rows: 12 },
  { kind: 'INDEX', schema: 'public', name: 'orders_note', owner: 'app' },
  { kind: 'FK CONSTRAINT', schema: 'public', name: 'orders orders_customer_fkey', owner: 'app' },
];
