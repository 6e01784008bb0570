import { basename } from 'node:path';
import * as vscode from 'vscode';
import type { ContentsHead } from '../../shared/contentsPage';
import { bytes, moment, oneLine } from '../format';
import { evidenceSentence } from '../trees/backups/evidence';
import type { ContentsDocument } from './contentsDocument';
import { faultsOf, warningsOf } from './warnings';

/** Facts above the contents, in the editor's language. */
export function headOf(document: ContentsDocument): ContentsHead {
  const { opened } = document;
  return {
    title: oneLine(titleOf(document)),
    facts: factsOf(document),
    evidence: evidenceOf(document),
    warnings: opened ? warningsOf(document) : [],
    actions: opened ? actionsOf(document) : [],
    complete: opened?.complete ?? false,
    entries: opened?.entries ?? 0,
    unlocated: opened?.unlocated ?? false,
  };
}

function titleOf({ path, opened, artifact }: ContentsDocument): string {
  const database = opened?.facts?.source.database ?? artifact?.source.database ?? null;
  if (opened?.facts?.scope === 'cluster' || database === '*') return vscode.l10n.t('All databases');
  return database ?? basename(path);
}

function factsOf({ path, opened, artifact }: ContentsDocument): ContentsHead['facts'] {
  const facts: ContentsHead['facts'] = [];
  const add = (label: string, value: string | null | undefined, title?: string): void => {
    if (value) facts.push({ label, value: oneLine(value), ...(title ? { title } : {}) });
  };
  const contents = opened?.facts;
  const manifest = artifact?.manifest;
  add(vscode.l10n.t('From'), artifact?.source.connection ?? artifact?.source.server);
  const server = contents?.source.serverVersion ?? manifest?.source.serverVersion;
  add(vscode.l10n.t('Server'), server && `PostgreSQL ${server}`);
  const tool = contents?.scope === 'cluster' ? 'pg_dumpall' : 'pg_dump';
  add(vscode.l10n.t('Made by'), contents?.source.toolVersion && `${tool} ${contents.source.toolVersion}`);
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
  add(vscode.l10n.t('File'), basename(path), path);
  add(vscode.l10n.t('Inside'), contents?.inside?.join(' › '));
  add(vscode.l10n.t('Note'), manifest?.notes);
  return facts;
}

function evidenceOf({ artifact }: ContentsDocument): ContentsHead['evidence'] {
  const evidence = artifact?.evidence ?? null;
  return {
    kind: evidence ? (evidence.ok ? 'good' : 'bad') : 'none',
    text: evidenceSentence(evidence),
    ...(evidence ? { title: new Date(evidence.at).toLocaleString(vscode.env.language) } : {}),
  };
}

function actionsOf(document: ContentsDocument): ContentsHead['actions'] {
  const { opened, artifact } = document;
  const actions: ContentsHead['actions'] = [];
  const add = (id: ContentsHead['actions'][number]['id'], label: string, primary = false): void => {
    actions.push({ id, label, ...(primary ? { primary } : {}) });
  };
  if (vscode.workspace.isTrusted) {
    add('restore', vscode.l10n.t('Restore…'), true);
    add('verifyContents', vscode.l10n.t('Verify Contents'));
    if (artifact?.manifest) add('verifyChecksum', vscode.l10n.t('Verify Checksum'));
  }
  if (opened?.facts?.scope === 'database' && faultsOf(document).length)
    add('salvage', vscode.l10n.t('Salvage…'));
  add('countAll', vscode.l10n.t('Count All Rows'));
  if (opened?.facts?.format === 'plain') add('openAsText', vscode.l10n.t('Open as Text'));
  add('openFolder', vscode.l10n.t('Open as Folder…'));
  add('reveal', vscode.l10n.t('Reveal in File Manager'));
  add('refresh', vscode.l10n.t('Open Again'));
  return actions;
}
