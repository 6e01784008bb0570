import { basename } from 'node:path';
import * as vscode from 'vscode';
import type { Artifact, BackupLevel, Evidence } from '../../engine/artifacts/types';
import type { BaseContents, SizeOf } from '../../engine/physical';
import type { BaseBackupView, Bar, ChainLink, Receipt } from '../../shared/baseBackupPage';
import type { ErrorFacts } from '../../shared/rpc';
import { age, bytes, count, duration, moment, oneLine } from '../format';
import { revealer } from '../revealer';
import { evidenceSentence, evidenceText } from '../trees/backups/evidence';

/** What the page is made of. */
export interface BaseBackupState {
  path: string;
  artifact: Artifact;
  /** Null while it is read. */
  contents: BaseContents | null;
  problem: ErrorFacts | null;
  /** The WAL archive of its cluster, where it is known. */
  archive: string | undefined;
  /** Backups that are listed: those of its chain are told with their times. */
  known: readonly Artifact[];
}

/** The page's words, in the editor's language. */
export function baseBackupView(state: BaseBackupState): BaseBackupView {
  const { contents, problem, artifact } = state;
  return {
    head: headOf(state),
    receipt: receiptOf(artifact),
    contents: contents && contentsOf(state, contents),
    problem,
  };
}

export function titleOf({ source, createdAt, path }: Artifact): string {
  const from = source.connection || source.server;
  return from ? `${oneLine(from)}, ${moment(createdAt)}` : oneLine(basename(path));
}

function headOf({ path, artifact, contents }: BaseBackupState): BaseBackupView['head'] {
  const { evidence, manifest, recognised } = artifact;
  const facts: BaseBackupView['head']['facts'] = [];
  const add = (label: string, value: string | null | undefined, title?: string): void => {
    if (value) facts.push({ label, value: oneLine(value), ...(title ? { title } : {}) });
  };
  const version = contents?.serverVersion ?? manifest?.source.serverVersion;
  add(vscode.l10n.t('Server'), version && `PostgreSQL ${version.split(' ', 1)[0]}`, version ?? undefined);
  if (contents) add(vscode.l10n.t('Level'), levelText(contents.set.level));
  add(
    vscode.l10n.t('Format'),
    [
      recognised.format === 'basebackup-tar' ? vscode.l10n.t('tar files') : vscode.l10n.t('a data directory'),
      ...(contents && contents.facts.compression !== 'none' ? [contents.facts.compression] : []),
    ].join(', '),
  );
  add(vscode.l10n.t('Size'), bytes(artifact.bytes));
  if (contents) {
    const { facts: said, set } = contents;
    add(
      vscode.l10n.t('Taken from'),
      said.from === 'standby' ? vscode.l10n.t('a standby') : vscode.l10n.t('the primary'),
    );
    add(vscode.l10n.t('Label'), said.label);
    add(vscode.l10n.t('System identifier'), set.systemIdentifier);
    add(vscode.l10n.t('Timeline'), String(said.timeline));
    add(vscode.l10n.t('Start'), said.startLsn);
    add(vscode.l10n.t('End'), said.stopLsn);
  }
  add(vscode.l10n.t('Note'), manifest?.notes);
  add(vscode.l10n.t('Folder'), basename(path), path);
  return {
    title: titleOf(artifact),
    facts,
    evidence: {
      kind: evidence ? (evidence.ok ? 'good' : 'bad') : 'none',
      text: evidenceHeadline(evidence),
      ...(evidence ? { title: new Date(evidence.at).toLocaleString(vscode.env.language) } : {}),
    },
    warnings: warningsOf(artifact, contents),
    actions: actionsOf(path, artifact, contents),
  };
}

/** What is wrong is told by a warning below. */
function evidenceHeadline(evidence: Evidence | null): string {
  if (!evidence || evidence.ok) return evidenceSentence(evidence);
  return evidence.level === 'rehearsal'
    ? vscode.l10n.t('Did not pass a rehearsal {0}', age(evidence.at))
    : vscode.l10n.t('Found damaged {0}', age(evidence.at));
}

function warningsOf(
  { evidence, manifest }: Artifact,
  contents: BaseContents | null,
): BaseBackupView['head']['warnings'] {
  const warnings: BaseBackupView['head']['warnings'] = [];
  if (evidence && !evidence.ok)
    warnings.push({
      kind: 'error',
      text: vscode.l10n.t('Its last check found what is wrong.'),
      details: (evidence.faults ?? []).map(({ what, entry }) => (entry ? `${entry}: ${what}` : what)),
    });
  if (contents?.missing != null)
    warnings.push({
      kind: 'error',
      text: vscode.l10n.t('It cannot be restored: a backup that it needs is not in its folder.'),
      details: [contents.missing],
    });
  for (const { text } of manifest?.suspicions ?? []) warnings.push({ kind: 'warning', text, details: [] });
  return warnings;
}

function actionsOf(
  path: string,
  { manifest }: Artifact,
  contents: BaseContents | null,
): BaseBackupView['head']['actions'] {
  const actions: BaseBackupView['head']['actions'] = [];
  const add = (...[id, label, title]: [(typeof actions)[number]['id'], string, string?]): void => {
    actions.push({ id, label, ...(title === undefined ? {} : { title }) });
  };
  if (vscode.workspace.isTrusted) {
    add('restore', vscode.l10n.t('Restore…'), vscode.l10n.t('Into an empty folder, as a cluster of its own'));
    add(
      'verifyChecksum',
      vscode.l10n.t('Verify Checksum'),
      vscode.l10n.t('Every file against its size and checksum in the backup manifest'),
    );
    add(
      'verifyContents',
      vscode.l10n.t('Verify Chain and WAL'),
      vscode.l10n.t('That for every backup it needs, and the WAL from its start to its end'),
    );
    add(
      'rehearse',
      vscode.l10n.t('Rehearse'),
      vscode.l10n.t('Restored, recovered, started and checked in a throwaway cluster, then removed'),
    );
    add(
      'recover',
      vscode.l10n.t('Recover to a Moment…'),
      vscode.l10n.t('Beginning with it, and with the WAL of its cluster behind it'),
    );
    if (contents && contents.set.level !== 'full')
      add('combine', vscode.l10n.t('Combine into a Full Backup…'));
  }
  if (manifest) add('showManifest', vscode.l10n.t('Show Manifest'));
  const place = revealer(vscode.Uri.file(path));
  if (place) add('reveal', place.label);
  add('refresh', vscode.l10n.t('Open Again'));
  if (vscode.workspace.isTrusted) add('delete', vscode.l10n.t('Delete…'));
  return actions;
}

function receiptOf({ manifest, evidence }: Artifact): Receipt | null {
  const last =
    manifest?.evidence.findLast(({ level }) => level === 'rehearsal') ??
    (evidence?.level === 'rehearsal' ? evidence : null);
  if (!last) return null;
  const { times, restoreMs, at, ok, checks = [] } = last;
  const part = (label: string, ms: number): Receipt['parts'][number] => ({ label, time: duration(ms), ms });
  return {
    text:
      restoreMs === undefined
        ? vscode.l10n.t('It did not come to an end, {0}.', age(at))
        : ok
          ? vscode.l10n.t(
              'Restored in {0}, {1}: {2} rows counted.',
              duration(restoreMs),
              age(at),
              count(last.rows ?? 0),
            )
          : vscode.l10n.t('Restored in {0}, {1}; its checks found faults.', duration(restoreMs), age(at)),
    parts: times
      ? [
          part(vscode.l10n.t('Files'), times.copyMs),
          part(vscode.l10n.t('Recovery'), times.recoveryMs),
          part(vscode.l10n.t('Start'), times.startMs),
          part(vscode.l10n.t('Checks'), times.checksMs),
        ]
      : [],
    checks,
  };
}

function contentsOf(state: BaseBackupState, contents: BaseContents): NonNullable<BaseBackupView['contents']> {
  const { set, missing, chain, children } = contents;
  const links = chain.map(({ where, level }) => linkOf(state, where, level));
  return {
    total: vscode.l10n.t('{0} in {1} files', bytes(contents.bytes), count(contents.files)),
    unlisted: !contents.facts.hasManifest,
    databases: contents.databases.map(barOf),
    tablespaces: contents.tablespaces.map(({ oid, name, location, bytes: size }) => ({
      ...{ label: oneLine(name ?? String(oid)), detail: oneLine(location), bytes: size, size: bytes(size) },
    })),
    shared: contents.shared.map(barOf),
    largest: contents.largest.map(({ path, bytes: size }) => ({
      ...{ label: oneLine(path), detail: databaseOf(path, contents), bytes: size, size: bytes(size) },
    })),
    chain: missing === null ? links : [missingLink(missing), ...links],
    chainText:
      missing !== null
        ? vscode.l10n.t('The chain is broken: put the missing backup into the folder of the others.')
        : set.level === 'full'
          ? vscode.l10n.t('A full backup: it needs no other.')
          : vscode.l10n.t('It needs all of them; they are combined by themselves when it is restored.'),
    children: children.map((where) => linkOf(state, where, null)),
    wal: walOf(state, contents),
  };
}

function linkOf(
  { known, path, artifact }: BaseBackupState,
  where: string,
  level: BackupLevel | null,
): ChainLink {
  const found = where === path ? artifact : known.find((one) => one.path === where);
  const kind = level ?? found?.manifest?.base?.level ?? 'incremental';
  return {
    kind,
    word: levelText(kind),
    when: found ? moment(found.createdAt) : basename(where),
    detail: found ? [bytes(found.bytes), evidenceText(found.evidence)].join(' · ') : '',
    path: where,
    here: where === path,
  };
}

function missingLink(id: string): ChainLink {
  return {
    kind: 'missing',
    word: vscode.l10n.t('MISSING'),
    // System identifier, timeline and start: the last tells which one it is.
    when: vscode.l10n.t('starts at {0}', id.split('/').slice(2).join('/')),
    detail: '',
    path: null,
    here: false,
  };
}

function walOf(
  { archive }: BaseBackupState,
  { wal }: BaseContents,
): NonNullable<BaseBackupView['contents']>['wal'] {
  const { needed, present, archived } = wal;
  const segments =
    needed.length === 1 ? vscode.l10n.t('One segment') : vscode.l10n.t('{0} segments', count(needed.length));
  const state =
    needed.length === 0
      ? 'unknown'
      : present === true
        ? 'there'
        : archived === true
          ? 'archived'
          : present === false || archived === false
            ? 'missing'
            : 'unknown';
  const text = {
    there: vscode.l10n.t('{0}: in the backup itself.', segments),
    archived: vscode.l10n.t('{0}: in the WAL archive.', segments),
    missing:
      archived === false
        ? vscode.l10n.t('{0}: MISSING, from the backup and from the WAL archive.', segments)
        : vscode.l10n.t('{0}: not in the backup. A WAL archive is needed to restore it.', segments),
    unknown:
      needed.length === 0
        ? vscode.l10n.t('Not known: it has no backup manifest.')
        : vscode.l10n.t('{0}: whether they are there is not known. Its WAL archive can tell.', segments),
  }[state];
  return {
    state,
    text,
    details: [
      ...(needed.length ? [[...new Set([needed[0]!, needed.at(-1)!])].join(' – ')] : []),
      ...(archive === undefined ? [] : [vscode.l10n.t('WAL archive: {0}', archive)]),
    ],
    choose:
      archive === undefined ? vscode.l10n.t('Name the WAL archive…') : vscode.l10n.t('Another WAL archive…'),
  };
}

function barOf({ key, name, files, bytes: size }: SizeOf): Bar {
  return {
    label: oneLine(key === '.' ? vscode.l10n.t('data directory itself') : (name ?? key)),
    detail: files === 1 ? vscode.l10n.t('one file') : vscode.l10n.t('{0} files', count(files)),
    bytes: size,
    size: bytes(size),
  };
}

/** The database a file belongs to, by the folder it lies in. */
function databaseOf(path: string, { databases }: BaseContents): string {
  const oid = /^(?:base|pg_tblspc\/\d+\/[^/]+)\/(\d+)\//.exec(path)?.[1];
  return oneLine(databases.find(({ key }) => key === oid)?.name ?? '');
}

export function levelText(level: BackupLevel): string {
  return {
    full: vscode.l10n.t('full'),
    incremental: vscode.l10n.t('incremental'),
    differential: vscode.l10n.t('differential'),
  }[level];
}
