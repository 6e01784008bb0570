import { basename } from 'node:path';
import * as vscode from 'vscode';
import type { ContentsHead } from '../../shared/contentsPage';
import { age, bytes, moment, oneLine } from '../format';
import { revealer } from '../revealer';
import { evidenceSentence } from '../trees/backups/evidence';
import type { ContentsDocument } from './contentsDocument';
import { faultsOf, warningsOf } from './warnings';

/** Facts above the contents, in the editor's language. */
export function headOf(document: ContentsDocument): ContentsHead {
  const { opened } = document;
  return {
    title: oneLine(titleOf(document)),
    facts: factsOf(document),
    evidence: opened ? evidenceOf(document) : null,
    warnings: opened ? warningsOf(document) : [],
    actions: opened ? actionsOf(document) : [],
    complete: opened?.complete ?? false,
    entries: opened?.entries ?? 0,
    unlocated: opened?.unlocated ?? false,
    damaged: faultsOf(document).length > 0,
  };
}

function titleOf({ path, opened, artifact }: ContentsDocument): string {
  const database = opened?.facts?.source.database ?? artifact?.source.database ?? null;
  if (opened?.facts?.scope === 'cluster' || database === '*') return vscode.l10n.t('All databases');
  return database ?? basename(path);
}

/** `17.11` of `17.11 (Debian 17.11-0+deb13u1)`, whose rest is for who asks. */
function shortVersion(version: string): string {
  return version.trim().split(' ', 1)[0]!;
}

function factsOf({ uri, path, opened, artifact }: ContentsDocument): ContentsHead['facts'] {
  const facts: ContentsHead['facts'] = [];
  const add = (label: string, value: string | null | undefined, title?: string): void => {
    if (value) facts.push({ label, value: oneLine(value), ...(title ? { title } : {}) });
  };
  const contents = opened?.facts;
  const manifest = artifact?.manifest;
  add(vscode.l10n.t('From'), artifact?.source.connection ?? artifact?.source.server);
  const server = contents?.source.serverVersion ?? manifest?.source.serverVersion;
  if (server)
    add(vscode.l10n.t('Server'), `PostgreSQL ${shortVersion(server)}`, vscode.l10n.t('Server: {0}', server));
  const tool = contents?.scope === 'cluster' ? 'pg_dumpall' : 'pg_dump';
  const version = contents?.source.toolVersion;
  if (version)
    add(
      vscode.l10n.t('Made by'),
      `${tool} ${shortVersion(version)}`,
      vscode.l10n.t('Made by {0}', `${tool} ${version}`),
    );
  const made = manifest?.startedAt ?? contents?.createdAt;
  add(vscode.l10n.t('Made'), made && moment(made), made ?? undefined);
  if (contents)
    add(
      vscode.l10n.t('Format'),
      [
        contents.format,
        ...([null, 'none', contents.wrapper].includes(contents.compression) ? [] : [contents.compression]),
        ...(contents.wrapper ? [vscode.l10n.t('in {0}', contents.wrapper)] : []),
      ].join(', '),
      contents.archiveVersion
        ? vscode.l10n.t('Archive version {0}', contents.archiveVersion.join('.'))
        : undefined,
    );
  add(vscode.l10n.t('Size'), artifact && bytes(artifact.bytes));
  // The editor's tab has the name of the file, but of a folder's `toc.dat` not that of the folder.
  if (basename(path) !== basename(uri.fsPath)) add(vscode.l10n.t('Folder'), basename(path), path);
  add(vscode.l10n.t('Inside'), contents?.inside?.join(' › '));
  add(vscode.l10n.t('Note'), manifest?.notes);
  return facts;
}

function evidenceOf({ artifact }: ContentsDocument): NonNullable<ContentsHead['evidence']> {
  const evidence = artifact?.evidence ?? null;
  return {
    kind: evidence ? (evidence.ok ? 'good' : 'bad') : 'none',
    // What is wrong is told by the warning below.
    text:
      evidence && !evidence.ok
        ? evidence.level === 'rehearsal'
          ? vscode.l10n.t('Did not pass a rehearsal {0}', age(evidence.at))
          : vscode.l10n.t('Found damaged {0}', age(evidence.at))
        : evidenceSentence(evidence),
    ...(evidence ? { title: new Date(evidence.at).toLocaleString(vscode.env.language) } : {}),
  };
}

function actionsOf(document: ContentsDocument): ContentsHead['actions'] {
  const { uri, opened, artifact } = document;
  const actions: ContentsHead['actions'] = [];
  const add = (id: ContentsHead['actions'][number]['id'], label: string, primary = false): void => {
    actions.push({ id, label, ...(primary ? { primary } : {}) });
  };
  if (vscode.workspace.isTrusted) {
    if (canRestore(artifact)) add('restore', vscode.l10n.t('Restore…'), faultsOf(document).length === 0);
    add('verifyContents', vscode.l10n.t('Verify Contents'));
    if (artifact?.manifest) add('verifyChecksum', vscode.l10n.t('Verify Checksum'));
  }
  if (opened?.facts?.scope === 'database' && faultsOf(document).length)
    add('salvage', vscode.l10n.t('Salvage…'));
  add('countAll', vscode.l10n.t('Count All Rows'));
  if (vscode.workspace.isTrusted && canRestore(artifact)) add('compare', vscode.l10n.t('Compare With…'));
  if (opened?.facts?.format === 'plain') add('openAsText', vscode.l10n.t('Open as Text'));
  add('openFolder', vscode.l10n.t('Open as Folder…'));
  const place = revealer(uri);
  if (place) add('reveal', place.label);
  add('refresh', vscode.l10n.t('Open Again'));
  return actions;
}

/** A dump inside of another file is read there, but the tools cannot. */
function canRestore(artifact: ContentsDocument['artifact']): boolean {
  const kind = artifact?.recognised.kind;
  return kind === 'archive' || kind === 'script' || kind === 'clusterScript';
}
