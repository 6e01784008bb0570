import { basename } from 'node:path';
import * as vscode from 'vscode';
import type { Artifact, BackupLevel } from '../../../engine/artifacts/types';
import { age, bytes, duration, moment, oneLine } from '../../format';
import type { Target } from '../../target';
import type { TreeNode } from '../node';
import { evidenceSentence, evidenceText } from './evidence';

/** Icon by kind, so that a whole server is told from a database at a glance. */
function icon(artifact: Artifact): vscode.ThemeIcon {
  const {
    recognised: { kind, format },
    partial,
    evidence,
  } = artifact;
  if (partial) return new vscode.ThemeIcon('warning', new vscode.ThemeColor('list.warningForeground'));
  if (evidence && !evidence.ok)
    return new vscode.ThemeIcon('error', new vscode.ThemeColor('list.errorForeground'));
  if (suspicious(artifact))
    return new vscode.ThemeIcon('warning', new vscode.ThemeColor('list.warningForeground'));
  switch (kind) {
    case 'archive':
      return new vscode.ThemeIcon(format === 'directory' ? 'folder-library' : 'package');
    case 'script':
      return new vscode.ThemeIcon('file-code');
    case 'clusterScript':
      return new vscode.ThemeIcon('server');
    case 'set':
      return new vscode.ThemeIcon('layers');
    case 'basebackup':
      return new vscode.ThemeIcon('server-environment');
    case 'rows':
      return new vscode.ThemeIcon('table');
    case 'unknown':
      return new vscode.ThemeIcon('question');
    case 'broken':
      return new vscode.ThemeIcon('error', new vscode.ThemeColor('list.errorForeground'));
  }
}

function suspicious({ manifest }: Artifact): boolean {
  return manifest?.suspicions?.some(({ mild }) => !mild) ?? false;
}

/** A word; the tooltip says what looked wrong. */
function suspicionText(artifact: Artifact): string[] {
  return suspicious(artifact) ? [vscode.l10n.t('looks wrong')] : [];
}

function flags({ recognised: { kind }, partial, manifest, manifestPath, evidence }: Artifact): string {
  if (partial) return 'leftover file';
  const restorable = kind === 'archive' || kind === 'script' || kind === 'clusterScript' || kind === 'set';
  return [
    'backup',
    'file',
    ...(restorable ? ['restorable'] : []),
    ...(kind === 'basebackup' ? ['base'] : []),
    ...(manifest?.base && manifest.base.level !== 'full' ? ['chained'] : []),
    ...(restorable && kind !== 'set' ? ['dump'] : []),
    ...(restorable && kind !== 'set' && evidence && !evidence.ok ? ['damaged'] : []),
    ...(kind === 'basebackup' ? ['basebackup'] : []),
    ...(manifestPath ? ['manifest'] : []),
  ].join(' ');
}

function baseText(level: BackupLevel | undefined): string {
  switch (level) {
    case 'incremental':
      return vscode.l10n.t('incremental base backup');
    case 'differential':
      return vscode.l10n.t('differential base backup');
    default:
      return vscode.l10n.t('base backup');
  }
}

/** What kind of backup it is, in a word. */
function kindText({ recognised: { kind, format, wrapper }, manifest }: Artifact): string {
  const name =
    kind === 'clusterScript'
      ? vscode.l10n.t('server script')
      : kind === 'set'
        ? vscode.l10n.t('set')
        : kind === 'basebackup'
          ? baseText(manifest?.base?.level)
          : kind === 'broken'
            ? vscode.l10n.t('broken')
            : (format ?? kind);
  return wrapper ? `${name}, ${wrapper}` : name;
}

/** `shop_dev @ shop`; undefined for a dump whose source is not known. */
export function sourceText({ source }: Artifact): string | undefined {
  if (source.database === null) return undefined;
  const database = source.database === '*' ? vscode.l10n.t('all databases') : source.database;
  const place = source.connection ?? source.server;
  return place === null ? database : `${database} @ ${place}`;
}

/** A backup at rest, or what a job that is gone left behind. */
export class BackupNode implements TreeNode {
  readonly id: string;
  readonly parent: TreeNode;
  readonly target: Target;
  readonly artifact: Artifact;
  readonly #label: string;

  /** @param under what the heading above says already, and the label need not repeat */
  constructor(parent: TreeNode, artifact: Artifact, under: 'database' | 'day') {
    this.id = `backup:${artifact.path}`;
    this.parent = parent;
    this.artifact = artifact;
    this.target = { artifact: artifact.path };
    const when = moment(artifact.createdAt);
    const source = sourceText(artifact);
    const file = basename(artifact.path);
    this.#label =
      source === undefined || artifact.partial ? file : under === 'database' ? when : `${source} ${when}`;
  }

  item(): vscode.TreeItem {
    const { artifact } = this;
    const item = new vscode.TreeItem(oneLine(this.#label));
    const facts = artifact.partial
      ? [bytes(artifact.bytes), vscode.l10n.t('left over by a job that is gone')]
      : [
          ...suspicionText(artifact),
          bytes(artifact.bytes),
          kindText(artifact),
          evidenceText(artifact.evidence),
        ];
    item.description = facts.join(' · ');
    item.iconPath = icon(artifact);
    item.contextValue = flags(artifact);
    // The editor passes the row on: a press opens what is in it.
    if (!artifact.partial)
      item.command = { command: 'restorePoint.openContents', title: '', arguments: [this] };
    item.accessibilityInformation = { label: [this.#label, ...facts].join(', ') };
    return item;
  }

  tooltip(): Promise<string> {
    const { artifact } = this;
    const { manifest, recognised } = artifact;
    return Promise.resolve(
      [
        artifact.path,
        sourceText(artifact),
        age(artifact.createdAt),
        manifest &&
          vscode.l10n.t(
            'Made in {0} by {1}',
            duration(manifest.durationMs),
            `${manifest.tool.name} ${manifest.tool.version}`,
          ),
        artifact.partial ? undefined : evidenceSentence(artifact.evidence),
        ...(manifest?.suspicions ?? []).map(({ text }) => text),
        recognised.reason,
        manifest?.notes,
      ]
        .filter(Boolean)
        .join('\n'),
    );
  }
}
