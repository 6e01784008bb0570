import { basename } from 'node:path';
import { recall, remember, rememberedFile } from '../remembered';
import { readManifest, writeManifest } from './manifest';
import { manifestPath } from './naming';
import { isCounted } from './suspicions';
import { bytesBelow } from './tree';
import type { Artifact, Evidence, TableRows } from './types';

/** Older results than these many are dropped. */
const KEPT = 20;
const RECEIPTS = 'receipts';

/** The verification of a dump without a manifest: it is not ours to write beside. */
interface Receipts {
  evidence: Evidence[];
  tables: TableRows[];
}

/** Adds evidence to what is kept of the artifact now. */
export async function recordEvidence(path: string, evidence: Evidence, tables: TableRows[]): Promise<void> {
  const manifest = await readManifest(path);
  const before = manifest ?? (await receiptsOf(path));
  const kept: Receipts = {
    tables: evidence.ok ? tables : before.tables,
    evidence: [...before.evidence, evidence].slice(-KEPT),
  };
  if (manifest) await writeManifest(path, { ...manifest, ...kept });
  else await remember(RECEIPTS, path, kept);
}

/** What earlier verifications of a dump without a manifest found, as long as it did not change. */
export async function receiptsOf(path: string): Promise<Receipts> {
  return (await recall<Receipts>(RECEIPTS, path)) ?? { evidence: [], tables: [] };
}

/** Tables as they were counted when it was made or verified, by whomever; null where nobody counted. */
export async function countedTables({ path, manifest }: Artifact): Promise<TableRows[] | null> {
  const kept = manifest ?? (await receiptsOf(path));
  return isCounted(kept) ? kept.tables : null;
}

/** Files that change when an artifact is verified, by whomever. */
export async function evidenceFiles(path: string): Promise<string[]> {
  return [manifestPath(path), await rememberedFile(RECEIPTS, path)];
}

/** Rows of tables as the manifest or an earlier verification knows them; none when the file is another by now. */
export async function verifiedRows(path: string): Promise<TableRows[]> {
  const manifest = await readManifest(path);
  if (!manifest) return (await receiptsOf(path)).tables;
  // Its files are in a manifest of its own, and counted by nothing but a rehearsal.
  if (manifest.base) return manifest.tables;
  const name = basename(path);
  const bytes = manifest.files
    .filter((file) => file.path === name || file.path.startsWith(`${name}/`))
    .reduce((sum, file) => sum + file.bytes, 0);
  return (await bytesBelow(path)) === bytes ? manifest.tables : [];
}

/** The evidence that counts: the last one if it failed, else the best and of these the newest. */
export function strongest(evidence: readonly Evidence[]): Evidence | null {
  const last = evidence.at(-1);
  if (!last || !last.ok) return last ?? null;
  const rank = { checksum: 0, contents: 1, rehearsal: 2 };
  return evidence.reduce(
    (best, item) => (item.ok && rank[item.level] >= rank[best.level] ? item : best),
    last,
  );
}
