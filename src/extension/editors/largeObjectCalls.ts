import { basename } from 'node:path';
import * as vscode from 'vscode';
import type { ContentsHost } from '../../shared/contentsPage';
import type { Handlers } from '../../shared/rpc';
import { sniff } from '../reader/sniff';
import type { Services } from '../services';
import type { ContentsDocument } from './contentsDocument';
import { chooseFile, tellSaved } from './saving';
import { working } from './working';

type LargeObjectCalls = Pick<
  Handlers<ContentsHost>,
  'largeObjects' | 'saveLargeObject' | 'previewLargeObject'
>;

/** A picture larger than this is not shown in the page. */
const mostOfPicture = 16 * 1024 * 1024;

/** Of text and other bytes the page shows the beginning. */
const mostOfText = 256 * 1024;

/** What tells the kind. */
const beginning = 4096;

export function largeObjectCalls({ dump }: ContentsDocument, { ask }: Services): LargeObjectCalls {
  return {
    largeObjects: (piece, signal) => dump.call('largeObjects', piece, signal),

    async saveLargeObject(oid, signal) {
      const { bytes, whole } = await dump.call('largeObjectHead', { oid, most: beginning }, signal);
      const { extension } = sniff(bytes, whole);
      const path = await chooseFile(ask, {
        id: 'contents.largeObject',
        title: vscode.l10n.t('Save Large Object'),
        button: vscode.l10n.t('Save'),
        start: `${oid}.${extension}`,
      });
      if (path === undefined) return false;
      const title = vscode.l10n.t('Writing {0}', basename(path));
      await working({ title, task: `saveLargeObject ${oid}`, dump, signal }, (both) =>
        dump.call('saveLargeObject', { oid, path }, both),
      );
      tellSaved(path);
      return true;
    },

    async previewLargeObject(oid, signal) {
      const { bytes, whole } = await dump.call('largeObjectHead', { oid, most: mostOfText }, signal);
      const { kind, mime } = sniff(bytes, whole);
      if (kind !== 'image' || whole) return { kind, mime, bytes };
      const picture = await dump.call('largeObjectHead', { oid, most: mostOfPicture }, signal);
      // Half a picture shows nothing.
      return picture.whole
        ? { kind, mime, bytes: picture.bytes }
        : { kind: 'binary', mime, bytes: bytes.subarray(0, beginning) };
    },
  };
}
