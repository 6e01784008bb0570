import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { ArtifactDraft } from '../../src/engine/artifacts';
import { finishArtifact, memberPartialPath, type FinishFacts } from '../../src/engine/artifacts';

export const finishFacts: FinishFacts = {
  source: { server: 'localhost:5432', serverVersion: '17.5', systemIdentifier: '7391', lsn: '0/1A2B3C' },
  tool: { name: 'pg_dump', version: '17.5' },
  startedAt: '2026-11-21T07:15:12.345Z',
  durationMs: 1234.5,
  madeBy: 'restore-point 0.1.0',
};

export function draftOf(path: string, more: Partial<ArtifactDraft> = {}): ArtifactDraft {
  return {
    method: 'dump',
    format: 'custom',
    compression: 'gzip',
    path,
    members: [{ path, holds: 'shop' }],
    options: { 'no-owner': true },
    notes: 'before the migration',
    connectionName: 'shop',
    database: 'shop',
    ...more,
  };
}

/** Writes the members as a job would and finishes them. */
export async function makeArtifact(
  draft: ArtifactDraft,
  contents: Record<string, Buffer | string>,
  options: { verify?: 'checksum' | 'contents'; facts?: Partial<FinishFacts> } = {},
) {
  await writePartials(draft, contents);
  const facts = { ...finishFacts, ...options.facts };
  return await finishArtifact(draft, facts, { verify: options.verify ?? 'checksum' });
}

export async function writePartials(
  draft: ArtifactDraft,
  contents: Record<string, Buffer | string>,
): Promise<void> {
  for (const [path, content] of Object.entries(contents)) {
    const partial = memberPartialPath(draft, path);
    await mkdir(dirname(partial), { recursive: true });
    await writeFile(partial, content);
  }
}

export function sha256(content: Buffer | string): string {
  return createHash('sha256').update(content).digest('hex');
}
