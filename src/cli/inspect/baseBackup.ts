import * as l10n from '@vscode/l10n';
import type { Artifact } from '../../engine/artifacts';
import { baseContents, type BaseContents, type SizeOf } from '../../engine/physical';
import { evidenceText } from '../evidence';
import type { Io } from '../io';
import { bytesText, printable, printResult, table } from '../output';

/** What is in a base backup: facts, sizes, chain and WAL. */
export async function printBaseBackup(io: Io, artifact: Artifact): Promise<void> {
  const contents = await baseContents(artifact.path, { signal: io.signal });
  printResult(io, documentOf(artifact, contents), describe(artifact, contents));
}

function documentOf(artifact: Artifact, contents: BaseContents): object {
  const { set, facts, control } = contents;
  return {
    artifact: artifact.path,
    format: artifact.recognised.format,
    archiveVersion: null,
    compression: artifact.manifest?.compression ?? facts.compression,
    source: {
      database: '*',
      serverVersion: contents.serverVersion,
      toolVersion: artifact.manifest?.tool.version ?? null,
      systemIdentifier: set.systemIdentifier,
    },
    createdAt: artifact.createdAt,
    bytes: artifact.bytes,
    entries: [],
    id: set.id,
    level: set.level,
    parent: set.parent,
    label: facts.label,
    timeline: facts.timeline,
    startLsn: facts.startLsn,
    stopLsn: facts.stopLsn,
    from: facts.from,
    control,
    tablespaces: contents.tablespaces,
    databases: contents.databases.map(({ key, ...rest }) => ({ oid: Number(key), ...rest })),
    shared: contents.shared.map(({ key, files, bytes }) => ({ folder: key, files, bytes })),
    files: contents.files,
    fileBytes: contents.bytes,
    largest: contents.largest,
    chain: contents.chain,
    missingParent: contents.missing,
    children: contents.children,
    wal: contents.wal,
    manifest: artifact.manifest,
  };
}

function describe(artifact: Artifact, contents: BaseContents): string {
  const { set, facts, wal } = contents;
  const lines: [string, string][] = [
    [l10n.t('Server'), contents.serverVersion ?? l10n.t('not known')],
    [l10n.t('System identifier'), set.systemIdentifier ?? l10n.t('not known')],
    [l10n.t('Level'), levelText(set.level)],
    [l10n.t('Label'), printable(facts.label)],
    [l10n.t('Timeline'), String(facts.timeline)],
    [l10n.t('From – to'), `${facts.startLsn} – ${facts.stopLsn ?? '?'}`],
    [l10n.t('WAL needed'), walText(wal)],
    [l10n.t('Evidence'), evidenceText(artifact.evidence)],
  ];
  const sizes = (list: SizeOf[]): string =>
    table(
      list.map(({ key, name, files, bytes }) => [
        bytesText(bytes),
        l10n.t('{0} files', files),
        printable(name === null ? key : `${name} (${key})`),
      ]),
      [0, 1],
    );
  const section = (title: string, text: string): string[] => (text === '' ? [] : [`${title}\n${text}`]);
  return [
    `${printable(artifact.path)}\n${table(lines)}`,
    ...section(l10n.t('Databases'), sizes(contents.databases)),
    ...section(l10n.t('Shared'), sizes(contents.shared)),
    ...section(
      l10n.t('Tablespaces'),
      table(
        contents.tablespaces.map(({ oid, name, location, bytes }) => [
          bytesText(bytes),
          printable(name ?? String(oid)),
          printable(location),
        ]),
        [0],
      ),
    ),
    ...section(l10n.t('Chain'), chainText(contents)),
  ].join('\n\n');
}

export function levelText(level: 'full' | 'incremental' | 'differential'): string {
  return { full: l10n.t('full'), incremental: l10n.t('incremental'), differential: l10n.t('differential') }[
    level
  ];
}

function walText({ needed, present }: BaseContents['wal']): string {
  if (!needed.length) return l10n.t('not known: it has no backup manifest');
  const there = {
    true: l10n.t('there'),
    false: l10n.t('MISSING from the backup'),
    null: l10n.t('not looked for'),
  }[String(present) as 'true'];
  return needed.length === 1
    ? `${needed[0]}: ${there}`
    : l10n.t('{0} segments, {1} to {2}: {3}', needed.length, needed[0]!, needed.at(-1)!, there);
}

function chainText({ chain, missing, children, facts }: BaseContents): string {
  if (chain.length === 1 && missing === null && children.length === 0 && !facts.incrementalFrom) return '';
  return [
    ...(missing === null ? [] : [l10n.t('MISSING: {0}', missing)]),
    ...chain.map(({ level, where }) => `${levelText(level)}  ${printable(where)}`),
    ...children.map((where) => l10n.t('needed by {0}', printable(where))),
  ].join('\n');
}
