import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { ArtifactDraft, Format } from './types';

/** Suffix of what is still being written. */
const PARTIAL = '.partial';
const MANIFEST = '.manifest.json';

/** Where `path` is written until it is complete. */
export function partialPath(path: string): string {
  return path + PARTIAL;
}

export function isPartial(path: string): boolean {
  return path.endsWith(PARTIAL);
}

/** Where an artifact's manifest is: beside it. */
export function manifestPath(artifactPath: string): string {
  return artifactPath + MANIFEST;
}

export function isManifest(path: string): boolean {
  return path.endsWith(MANIFEST);
}

/** Whether `name` is what a crash left of writing the manifest of the artifact. */
export function isManifestDraft(artifactPath: string, name: string): boolean {
  const manifest = basename(manifestPath(artifactPath));
  return name.startsWith(`${manifest}.`) && /^\.[0-9a-f]{12}\.tmp$/.test(name.slice(manifest.length));
}

/** The artifact a manifest path belongs to. */
export function artifactOfManifest(path: string): string {
  return path.slice(0, -MANIFEST.length);
}

/**
 * Where a member of a draft is written: members inside the artifact's own folder (sets) below that
 * folder's partial name, so that one rename makes the whole folder appear; every other one under its own.
 */
export function memberPartialPath(draft: Pick<ArtifactDraft, 'path'>, member: string): string {
  const below = restBelow(draft.path, member);
  return below ? partialPath(draft.path) + below : partialPath(member);
}

function restBelow(folder: string, path: string): string | null {
  const rest = path.startsWith(folder) ? path.slice(folder.length) : '';
  return /^[\\/]./.test(rest) ? rest : null;
}

export interface NameParts {
  connection: string;
  /** `*` for a whole server. */
  database: string;
  format: Format;
  at: Date;
  /** What of the database: `public.orders`, `roles`; part of the name. */
  scope?: string;
  /** Compression of a plain dump or of rows: adds `.gz`, `.zst` or `.lz4`. */
  compression?: string;
}

const SUFFIX: Record<Format, string> = {
  custom: '.dump',
  directory: '.dir',
  tar: '.tar',
  plain: '.sql',
  csv: '.csv',
  tsv: '.tsv',
  binary: '.bin',
  set: '.set',
  'basebackup-plain': '.base',
  'basebackup-tar': '.base',
};
const COMPRESSED = new Set<Format>(['plain', 'csv', 'tsv', 'binary']);

/** `shop_dev_20261121T071512Z.dump`: safe as a file name everywhere, sorted by time within a database. */
export function artifactName({ database, format, at, scope, compression }: NameParts): string {
  const time = at.toISOString().replace(/[-:]|\.\d+/g, '');
  const of = safeName(database === '*' ? 'server' : database) + (scope ? '.' + safeName(scope) : '');
  return `${of}_${time}${SUFFIX[format]}${COMPRESSED.has(format) ? compressedSuffix(compression) : ''}`;
}

function compressedSuffix(compression: string | undefined): string {
  const method = compression?.split(':')[0];
  return method === 'gzip' ? '.gz' : method === 'zstd' ? '.zst' : method === 'lz4' ? '.lz4' : '';
}

/**
 * `FOLDER/SERVER/DATABASE/DATABASE_TIME.dump`; when something of that name is there already (finished
 * or in the making), `_2`, `_3`, … keep them apart.
 */
export function draftPath(folder: string, parts: NameParts): string {
  const database = parts.database === '*' ? 'server' : safeName(parts.database);
  const name = artifactName(parts);
  const stem = name.slice(0, name.lastIndexOf('Z.') + 1);
  const suffix = name.slice(stem.length);
  for (let count = 1; ; count++) {
    const path = join(
      folder,
      safeName(parts.connection),
      database,
      stem + (count > 1 ? `_${count}` : '') + suffix,
    );
    if (![path, partialPath(path), manifestPath(path)].some((taken) => existsSync(taken))) return path;
  }
}

/**
 * The path of the next backup of the same kind: with our time in its name that time becomes `at`; a name
 * that a person chose stays as long as it is free, else `at` is added. `was` and `is` are what both paths
 * begin with, without suffix: a companion (`….globals.sql`) moves along.
 */
export function freshPath(path: string, at: Date): { path: string; was: string; is: string } {
  const time = at.toISOString().replace(/[-:]|\.\d+/g, '');
  const ours = /^(.*_)\d{8}T\d{6}Z(?:_\d+)?(?=\.[^/\\]*$)/s.exec(path);
  const was = ours?.[0] ?? path.replace(KNOWN_SUFFIX, '');
  const suffix = path.slice(was.length);
  const isFree = (stem: string): boolean =>
    ![stem + suffix, partialPath(stem + suffix), manifestPath(stem + suffix), `${stem}.globals.sql`].some(
      (taken) => existsSync(taken),
    );
  if (!ours && isFree(was)) return { path, was, is: was };
  for (let count = 1; ; count++) {
    const is = (ours?.[1] ?? `${was}_`) + time + (count > 1 ? `_${count}` : '');
    if (isFree(is)) return { path: is + suffix, was, is };
  }
}

/** What a chosen name may end in. */
const KNOWN_SUFFIX = /\.(?:dump|tar|dir|set|base|(?:sql|csv|tsv|bin)(?:\.(?:gz|lz4|zst))?)$/;

/** Names Windows keeps for devices. */
const RESERVED = /^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/i;
const LONGEST = 80;

/**
 * Any name as one safe part of a path, told apart from every other: letters, digits, `_`, and inside also
 * blank, `.`, `-`, `@`, `+` stay; everything else becomes `%XX` of its UTF-8 bytes. A long one is cut and
 * ends in a piece of its hash.
 */
export function safeName(name: string): string {
  const inner = /[\p{L}\p{N}\p{M}_ .@+-]/u;
  const edge = /[\p{L}\p{N}_]/u;
  const characters = [...name.normalize('NFC')];
  let safe = characters
    .map((character, i) => {
      const allowed = i === 0 || i === characters.length - 1 ? edge : inner;
      return allowed.test(character) ? character : percent(character);
    })
    .join('');
  if (RESERVED.test(safe)) safe = percent(safe[0]!) + safe.slice(1);
  if (safe === '') return '%';
  if (Buffer.byteLength(safe) <= LONGEST) return safe;
  const hash = createHash('sha256').update(name).digest('hex').slice(0, 10);
  let cut = '';
  for (const character of safe) {
    if (Buffer.byteLength(cut + character) > LONGEST - 11) break;
    cut += character;
  }
  return `${cut.replace(/%.?$/, '')}~${hash}`;
}

function percent(character: string): string {
  return [...Buffer.from(character)]
    .map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`)
    .join('');
}
