import { basename } from 'node:path';
import * as vscode from 'vscode';
import type { Contents } from '../../engine/archive';
import type { Artifact } from '../../engine/artifacts/types';
import type { RestoreSubject } from '../../shared/restorePage';
import { engine } from '../engine';
import { bytes, moment, oneLine } from '../format';
import { entryKey } from '../reader/entryKey';
import { evidenceText } from '../trees/backups/evidence';

/** Entries that are nothing by themselves; they are ticked with what they belong to. */
const part =
  /DATA$|^(?:COMMENT|ACL|SECURITY LABEL|DEFAULT|DEFAULT ACL|SEQUENCE (?:SET|OWNED BY)|.*CONSTRAINT|INDEX.*|TRIGGER|RULE|POLICY|ROW SECURITY|TABLE ATTACH|BLOBS?)$/;

/** A backup that is to be restored, with what can be said about it. */
export class RestoreSubjects {
  readonly artifact: Artifact;
  readonly #contents: Contents | null;

  private constructor(artifact: Artifact, contents: Contents | null) {
    this.artifact = artifact;
    this.#contents = contents;
  }

  static async of(artifact: Artifact): Promise<RestoreSubjects> {
    const { readContents } = await engine();
    const whole = artifact.recognised.kind === 'set';
    return new RestoreSubjects(artifact, whole ? null : await readContents(artifact.path));
  }

  get several(): boolean {
    const { kind } = this.artifact.recognised;
    return kind === 'clusterScript' || kind === 'set';
  }

  subject(ticked: RestoreSubject['ticked']): RestoreSubject {
    const { artifact } = this;
    const entries = this.#contents?.entries ?? [];
    const all = (values: (string | null | undefined)[]): string[] =>
      [...new Set(values.flatMap((value) => value ?? []))].sort();
    const { recognised, source, createdAt } = artifact;
    const name = source.database && source.database !== '*' ? source.database : basename(artifact.path);
    return {
      title: oneLine(vscode.l10n.t('Restore {0}, {1}', name, moment(createdAt))),
      facts: [
        recognised.format ?? recognised.kind,
        bytes(artifact.bytes),
        evidenceText(artifact.evidence),
        oneLine(artifact.path),
      ],
      several: this.several,
      schemas: all(entries.map(({ kind, schema, name: own }) => (kind === 'SCHEMA' ? own : schema))),
      owners: all(entries.map(({ owner }) => owner)),
      tablespaces: all(entries.map(({ tablespace }) => tablespace)),
      ticked,
    };
  }

  /** Ticks as they are kept, found again. */
  ticked(keys: readonly string[]): RestoreSubject['ticked'] {
    const wanted = new Set(keys);
    return this.chosen((this.#contents?.entries ?? []).filter((entry) => wanted.has(entryKey(entry))));
  }

  /** Entries by their ids. */
  withIds(ids: readonly number[]): RestoreSubject['ticked'] {
    const wanted = new Set(ids);
    return this.chosen((this.#contents?.entries ?? []).filter(({ id }) => wanted.has(id)));
  }

  private chosen(entries: Contents['entries']): RestoreSubject['ticked'] {
    if (entries.length === 0) return null;
    const own = entries.filter(({ kind }) => !part.test(kind));
    return {
      entries: entries.map(({ id }) => id),
      names: (own.length ? own : entries).map(({ schema, name }) =>
        oneLine(schema === null ? name : `${schema}.${name}`),
      ),
    };
  }
}
